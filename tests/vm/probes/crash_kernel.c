// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes the kernel look like a crash kernel, which is started to save the memory of a crashed one.
 * The module imitates firmware-assisted dump (fadump) since 6.7: there is a vmcore, but
 * is_kdump_kernel() returns false.
 */
#include <linux/crash_dump.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/version.h>

static unsigned long long before;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)

static int return_false(struct kprobe *probe, struct pt_regs *regs)
{
	regs->gpr[3] = 0;
	regs->nip = regs->link;
	return 1;
}

static struct kprobe probe = {
	.symbol_name = "is_kdump_kernel",
	.pre_handler = return_false,
};

static int hide_kdump(void)
{
	return register_kprobe(&probe);
}

static void show_kdump(void)
{
	unregister_kprobe(&probe);
}

#else

static int hide_kdump(void)
{
	return 0;
}

static void show_kdump(void)
{
}

#endif

static int __init crash_kernel_init(void)
{
	int ret = hide_kdump();

	if (ret)
		return ret;
	before = elfcorehdr_addr;
	elfcorehdr_addr = 0x1000;
	return 0;
}

static void __exit crash_kernel_exit(void)
{
	elfcorehdr_addr = before;
	show_kdump();
}

module_init(crash_kernel_init);
module_exit(crash_kernel_exit);
MODULE_DESCRIPTION("Makes the kernel look like a crash kernel");
MODULE_LICENSE("GPL");
