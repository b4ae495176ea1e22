/* SPDX-License-Identifier: GPL-2.0 */
/* Linked before the suspect objects and the stubs: where their sections begin. */
#include <linux/objtool.h>

	.section .fgft_text, "ax"
	.globl fgft_text_begin
fgft_text_begin:
	ANNOTATE_NOENDBR
	nop

	.section .fgft_stub, "ax"
	.globl fgft_stub_begin
fgft_stub_begin:
	ANNOTATE_NOENDBR
	nop
