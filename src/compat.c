// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of the compatibility code that needs static variables. compat.h has the rest. */

#include "compat.h"

#if defined(CMM_HAS_INODE) && CMM_PAGES_MOVE

#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>

/*
 * Before 6.0 a movable balloon page needs an inode, and the inode needs a file system. Both are
 * internal to the driver. The file system is mounted from init to exit. It has no .owner, because
 * an owner would keep the module from being unloaded.
 */
static struct vfsmount *cmm_compat_mount;
static struct inode *cmm_compat_inode;

static int cmm_compat_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, PPC_CMM_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type cmm_compat_fs = {
	.name = "cmm-dkms",
	.init_fs_context = cmm_compat_fs_context,
	.kill_sb = kill_anon_super,
};

/**
 * cmm_compat_init - create the inode that the balloons need on some kernels
 *
 * Return: 0 or an errno.
 */
int cmm_compat_init(void)
{
	cmm_compat_mount = kern_mount(&cmm_compat_fs);
	if (IS_ERR(cmm_compat_mount))
		return PTR_ERR(cmm_compat_mount);

	cmm_compat_inode = alloc_anon_inode(cmm_compat_mount->mnt_sb);
	if (IS_ERR(cmm_compat_inode)) {
		kern_unmount(cmm_compat_mount);
		return PTR_ERR(cmm_compat_inode);
	}
	cmm_compat_inode->i_mapping->a_ops = &balloon_aops;
	return 0;
}

/**
 * cmm_compat_exit - undo cmm_compat_init()
 */
void cmm_compat_exit(void)
{
	iput(cmm_compat_inode);
	kern_unmount(cmm_compat_mount);
}

#else

/**
 * cmm_compat_init - do nothing; the balloons need no inode
 *
 * Return: 0.
 */
int cmm_compat_init(void)
{
	return 0;
}

/**
 * cmm_compat_exit - do nothing
 */
void cmm_compat_exit(void)
{
}

#endif

/**
 * cmm_compat_init_balloon - prepare a balloon
 * @info: the balloon
 * @migrate: the callback that migrates a page of the balloon
 *
 * The core's own adjustment of the zones' managed pages stays off. The driver adjusts them with one
 * call for many pages, while the core would make a call for each page.
 */
void cmm_compat_init_balloon(struct balloon_dev_info *info, cmm_migrate_fn migrate)
{
	balloon_devinfo_init(info);
#if CMM_PAGES_MOVE
	info->migratepage = migrate;
#if defined(CMM_HAS_INODE)
	info->inode = cmm_compat_inode;
#endif
#endif
}
