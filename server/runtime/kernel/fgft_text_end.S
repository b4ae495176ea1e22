/* SPDX-License-Identifier: GPL-2.0 */
/* Linked behind the suspect objects and the stubs: where their sections end. */
	.section .fgft_text, "ax"
	.globl fgft_text_end
fgft_text_end:

	.section .fgft_stub, "ax"
	.globl fgft_stub_end
fgft_stub_end:
