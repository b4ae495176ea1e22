/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls through function pointers of isolated code. One thunk per register, as gcc names them; all
 * registers that hold arguments are kept.
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>
#include <asm/percpu.h>

	.text

/* Every basic block of isolated code calls this: a few instructions, and now and then a look. */
SYM_FUNC_START(fgft_trace_block)
	decl	PER_CPU_VAR(fgft_blocks)
	js	1f
	RET
1:	mov	(%rsp), %rdi
	jmp	fgft_blocks_passed
SYM_FUNC_END(fgft_trace_block)

.macro THUNK register
SYM_FUNC_START(fgft_thunk_\register)
	push	%rax
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	mov	%\register, %rdi
	mov	64(%rsp), %rsi
	call	fgft_find_target
	mov	%rax, %r11
	test	%rdx, %rdx
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rax
	jnz	.Lgate_\@
	JMP_NOSPEC r11
.Lgate_\@:
	jmp	fgft_gate
SYM_FUNC_END(fgft_thunk_\register)
.endm

	.weak	fgft_gate

THUNK rax
THUNK rbx
THUNK rcx
THUNK rdx
THUNK rsi
THUNK rdi
THUNK rbp
THUNK r8
THUNK r9
THUNK r10
THUNK r11
THUNK r12
THUNK r13
THUNK r14
THUNK r15
