/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The universal kernel stub: registers and stack of a call whose arguments nobody describes.
 *
 * fgft_gate: r11 is the kernel function. fgft_gate_row: r11 is its struct fgft_gate_row. Both are
 * jumped to in place of a call, so the return address on the stack is the isolated code's.
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>

#include "fgft_gate.h"

/* struct fgft_gate_frame */
#define WORDS		(FGFT_GATE_REGISTERS * 8)
#define VECTORS		(WORDS + FGFT_GATE_WORDS * 8)
#define FUNCTION	(VECTORS + 8)
#define ROW		(FUNCTION + 8)
#define PLACE		(ROW + 8)
#define STACK		(PLACE + 8)
#define FRAME		(STACK + 8)

	.section .fgft_stub, "ax"

SYM_FUNC_START(fgft_gate)
	xor	%r10d, %r10d
	jmp	gate
SYM_FUNC_END(fgft_gate)

SYM_FUNC_START(fgft_gate_row)
	mov	%r11, %r10
	mov	(%r11), %r11
	jmp	gate
SYM_FUNC_END(fgft_gate_row)

SYM_FUNC_START_LOCAL(gate)
	push	%rbp
	mov	%rsp, %rbp
	sub	$FRAME, %rsp
	mov	%rdi, 0(%rsp)
	mov	%rsi, 8(%rsp)
	mov	%rdx, 16(%rsp)
	mov	%rcx, 24(%rsp)
	mov	%r8, 32(%rsp)
	mov	%r9, 40(%rsp)
	mov	%rax, VECTORS(%rsp)
	mov	%r11, FUNCTION(%rsp)
	mov	%r10, ROW(%rsp)
	mov	8(%rbp), %rax
	mov	%rax, PLACE(%rsp)
	lea	16(%rbp), %rax
	mov	%rax, STACK(%rsp)
	mov	%rsp, %rdi
	call	fgft_gate_enter

	mov	FUNCTION(%rsp), %r11
	mov	0(%rsp), %rax
	test	%r11, %r11
	jz	.Ldeferred
	mov	0(%rsp), %rdi
	mov	8(%rsp), %rsi
	mov	16(%rsp), %rdx
	mov	24(%rsp), %rcx
	mov	32(%rsp), %r8
	mov	40(%rsp), %r9
	mov	VECTORS(%rsp), %rax
	/* the kernel function finds its arguments on the stack where a call leaves them */
	mov	%rsp, %r10
	pushq	WORDS + 56(%r10)
	pushq	WORDS + 48(%r10)
	pushq	WORDS + 40(%r10)
	pushq	WORDS + 32(%r10)
	pushq	WORDS + 24(%r10)
	pushq	WORDS + 16(%r10)
	pushq	WORDS + 8(%r10)
	pushq	WORDS(%r10)
	CALL_NOSPEC r11
	add	$(FGFT_GATE_WORDS * 8), %rsp
	mov	%rsp, %rdi
	mov	%rax, %rsi
	call	fgft_gate_leave
.Ldeferred:
	leave
	RET
SYM_FUNC_END(gate)
