// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin for QEMU that counts the kernel's instructions in each translated block. The plugin has
 * the argument out=FILE. Each time the guest runs the program mark, the plugin writes a line
 * "mark N" to FILE, and then a line "ADDRESS COUNT" for each block. COUNT is the number of
 * instructions since the previous mark.
 */

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <qemu-plugin.h>

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/* The code of xori 26,26,0x4242 in little-endian order. Only guest/mark.S uses this instruction. */
#define MARK 0x6b5a4242U

/* Code at this address or above is the kernel's, or a module's, on 64-bit Power. */
#define KERNEL_START 0xc000000000000000U

struct block {
	uint64_t address;
	uint64_t executed; /* instructions so far */
	uint64_t reported; /* instructions until the latest mark */
};

static GHashTable *blocks;
static FILE *out;
static unsigned int marks;

static void report(void *key, void *value, void *unused)
{
	struct block *block = value;

	if (block->executed != block->reported)
		fprintf(out, "%016" PRIx64 " %" PRIu64 "\n", block->address,
			block->executed - block->reported);
	block->reported = block->executed;
}

static void on_mark(unsigned int cpu, void *unused)
{
	fprintf(out, "mark %u\n", marks++);
	g_hash_table_foreach(blocks, report, NULL);
	fflush(out);
}

static struct block *block_at(uint64_t address)
{
	struct block *block = g_hash_table_lookup(blocks, &address);

	if (!block) {
		block = g_new0(struct block, 1);
		block->address = address;
		g_hash_table_insert(blocks, &block->address, block);
	}
	return block;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	size_t count = qemu_plugin_tb_n_insns(tb), i;
	struct qemu_plugin_insn *insn;
	uint32_t code;

	if (address >= KERNEL_START) {
		qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
							 &block_at(address)->executed, count);
		return;
	}
	for (i = 0; i < count; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		memcpy(&code, qemu_plugin_insn_data(insn), sizeof(code));
		if (code == MARK)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "profile: the argument out=FILE is missing\n");
		return 1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return 1;
	}
	blocks = g_hash_table_new(g_int64_hash, g_int64_equal);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
