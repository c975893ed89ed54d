/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces all headers of the kernel that src/compat.h and src/compat.c include. The macros
 * CMM_HAS_... (see src/Kbuild) say which members and functions a kernel has. This header declares
 * exactly those members and functions, so code that uses others does not compile. The layouts of
 * structures differ from the kernel's.
 */
#ifndef CMM_STAND_IN_H
#define CMM_STAND_IN_H

#define bool _Bool
#define true 1
#define false 0
#define NULL ((void *)0)
#define ENOMEM 12
#define ENOENT 2

#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE	0
#define IS_ENABLED(option)	0

typedef unsigned int gfp_t;
typedef struct { int owner; } spinlock_t;
typedef struct { unsigned long bits; } nodemask_t;
struct list_head { struct list_head *next, *prev; };
struct pglist_data;
struct fs_context;
struct super_block;
struct pseudo_fs_context;

struct page {
	void *mapping;
};

/* From <linux/balloon.h>, or <linux/balloon_compaction.h> until 7.0 */
enum migrate_mode { MIGRATE_SYNC };

struct balloon_dev_info {
	unsigned long isolated_pages;
#ifdef CMM_HAS_PAGES_LOCK
	spinlock_t pages_lock;
#endif
#if defined(CONFIG_BALLOON_COMPACTION) || defined(CONFIG_BALLOON_MIGRATION)
	int (*migratepage)(struct balloon_dev_info *info, struct page *newpage, struct page *page,
			   enum migrate_mode mode);
#ifdef CMM_HAS_INODE
	struct inode *inode;
#endif
#endif
#ifdef CMM_HAS_ADJUST_FLAG
	bool adjust_managed_page_count;
#endif
};

int strcmp(const char *a, const char *b);
void balloon_devinfo_init(struct balloon_dev_info *info);
#ifdef CMM_HAS_PAGES_LOCK
void balloon_page_insert(struct balloon_dev_info *info, struct page *page);
#endif
#ifdef CMM_HAS_PAGE_DELETE
void balloon_page_delete(struct page *page);
#endif
#ifdef CMM_HAS_PAGE_FINALIZE
void balloon_page_finalize(struct page *page);
#endif

/* From <linux/mmzone.h>, <linux/vmstat.h> */
enum node_stat_item {
#ifdef CMM_HAS_TWO_WORKING_SETS
	WORKINGSET_ACTIVATE_ANON, WORKINGSET_ACTIVATE_FILE,
#else
	WORKINGSET_ACTIVATE,
#endif
#ifdef CMM_HAS_BALLOON_COUNT
	NR_BALLOON_PAGES,
#endif
	NR_VM_NODE_STAT_ITEMS,
};

enum vm_event_item {
	BALLOON_DEFLATE,
#if defined(CONFIG_BALLOON_COMPACTION) || defined(CONFIG_BALLOON_MIGRATION)
	BALLOON_MIGRATE,
#endif
	PSWPOUT,
	NR_VM_EVENT_ITEMS,
};

#ifdef CONFIG_VM_EVENT_COUNTERS
struct vm_event_state {
	unsigned long event[NR_VM_EVENT_ITEMS];
};

extern struct vm_event_state vm_event_states;
#define per_cpu(variable, cpu)	(*(&(variable) + (cpu)))
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < 2; (cpu)++)
#endif

unsigned long global_node_page_state(enum node_stat_item item);
struct pglist_data *page_pgdat(struct page *page);
void mod_node_page_state(struct pglist_data *node, enum node_stat_item item, long delta);
void __count_vm_event(enum vm_event_item item);

/* From <linux/mm.h>, <linux/gfp.h>, <linux/page-flags.h> */
#define GFP_HIGHUSER		1
#define GFP_HIGHUSER_MOVABLE	2
void get_page(struct page *page);
void put_page(struct page *page);
bool PageOffline(struct page *page);
void __SetPageOffline(struct page *page);
void __ClearPageOffline(struct page *page);
void set_page_private(struct page *page, unsigned long private);

#define spin_lock_irqsave(lock, flags)		((flags) = (lock)->owner)
#define spin_unlock_irqrestore(lock, flags)	((lock)->owner = (flags))
#define smp_load_acquire(pointer)		(*(pointer))

/* From <linux/sched.h>, <linux/nodemask.h>, <linux/mempolicy.h> */
enum { MPOL_BIND };
enum node_states { N_MEMORY, NR_NODE_STATES };

struct mempolicy {
	unsigned short mode;
#ifdef CMM_HAS_POLICY_UNION
	union {
		nodemask_t nodes;
	} v;
#else
	nodemask_t nodes;
#endif
};

struct task_struct {
#ifdef CONFIG_NUMA
	struct mempolicy *mempolicy;
#endif
};

extern struct task_struct *current;
extern nodemask_t node_states[NR_NODE_STATES], cpuset_current_mems_allowed;
void task_lock(struct task_struct *task);
void task_unlock(struct task_struct *task);
#define nodes_intersects(a, b)	((a).bits & (b).bits)
#define nodes_and(to, a, b)	((to).bits = (a).bits & (b).bits)

/* From <linux/crash_dump.h> */
bool is_kdump_kernel(void);
#ifdef CONFIG_CRASH_DUMP
bool is_vmcore_usable(void);
#endif

/*
 * For the inode that a balloon has before 6.0. From <linux/fs.h>, <linux/mount.h>,
 * <linux/pseudo_fs.h> and <linux/magic.h>
 */
#ifdef CMM_HAS_INODE
#define PPC_CMM_MAGIC	1
#define IS_ERR(pointer)	(!(pointer))
#define PTR_ERR(pointer)	((long)(pointer))

struct address_space_operations {
	int unused;
};

struct address_space {
	const struct address_space_operations *a_ops;
};

struct inode {
	struct address_space *i_mapping;
};

struct vfsmount {
	struct super_block *mnt_sb;
};

struct file_system_type {
	const char *name;
	int (*init_fs_context)(struct fs_context *fc);
	void (*kill_sb)(struct super_block *sb);
};

extern const struct address_space_operations balloon_aops;
struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic);
void kill_anon_super(struct super_block *sb);
struct vfsmount *kern_mount(struct file_system_type *type);
void kern_unmount(struct vfsmount *mount);
struct inode *alloc_anon_inode(struct super_block *sb);
void iput(struct inode *inode);
#endif

#endif
