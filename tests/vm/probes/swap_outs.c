// SPDX-License-Identifier: GPL-2.0-or-later
/* Adds 4096 to the kernel's count of swapped out pages. No page is swapped out. */

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmstat.h>

static int __init swap_outs_init(void)
{
	count_vm_events(PSWPOUT, 4096);
	return 0;
}

static void __exit swap_outs_exit(void)
{
}

module_init(swap_outs_init);
module_exit(swap_outs_exit);

MODULE_DESCRIPTION("Counts pages as swapped out");
MODULE_LICENSE("GPL");
