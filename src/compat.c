// SPDX-License-Identifier: GPL-2.0-or-later
/* Differences between kernels that need data: see compat.h. */

#include "compat.h"

#if defined(CMM_HAS_INODE) && CMM_PAGES_MOVE

#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>

/*
 * Until 6.0 a page that can be moved belongs to an inode, which needs a file
 * system to be in. Nobody else ever sees the two. The file system has no owner,
 * as one that is mounted from init to exit would keep the module from being unloaded.
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
 * cmm_compat_init - make what the balloons need
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
 * cmm_compat_exit - the counterpart
 */
void cmm_compat_exit(void)
{
	iput(cmm_compat_inode);
	kern_unmount(cmm_compat_mount);
}

#else

int cmm_compat_init(void)
{
	return 0;
}

void cmm_compat_exit(void)
{
}

#endif

/**
 * cmm_compat_init_balloon - prepare a balloon
 * @info: the balloon
 * @migrate: exchanges a page of it
 *
 * Zones' managed pages are counted by us: one call for many, where the core has one for each.
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
