/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This program executes one instruction, by which profile.c notices a point in time, and exits. */
	.abiversion 2
	.globl _start
_start:
	xori 26,26,0x4242
	li 0,1		/* exit */
	li 3,0
	sc
