/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Into isolated code and out of it.
 */
#include <linux/linkage.h>
#include <linux/version.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>

	.text

/*
 * int fgft_enter(struct fgft_call *call, void (*body)(void *), void *arguments)
 *
 * Keeps the registers that a C function must keep on the stack, and the stack pointer in the first
 * word of the call.
 */
SYM_FUNC_START(fgft_enter)
	push	%rbp
	mov	%rsp, %rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdi
	mov	%rsp, (%rdi)
	mov	%rsi, %rax
	mov	%rdx, %rdi
	CALL_NOSPEC rax
	xor	%eax, %eax
	pop	%rdi
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	RET
SYM_FUNC_END(fgft_enter)

/*
 * void fgft_abort(struct fgft_call *call)
 *
 * Continues behind fgft_enter() with the result 1, from wherever the call's code is. Reached by a
 * call from C and by the return from a trap, where the interrupted code may have left the direction
 * flag set.
 */
SYM_CODE_START_NOALIGN(fgft_abort)
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	UNWIND_HINT_UNDEFINED
#else
	UNWIND_HINT_EMPTY
#endif
	ANNOTATE_NOENDBR
	cld
	mov	(%rdi), %rsp
	pop	%rdi
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	mov	$1, %eax
	UNWIND_HINT_FUNC
	RET
SYM_CODE_END(fgft_abort)

/* Where a kernel function is sent that is not to run. */
SYM_FUNC_START(fgft_return)
	RET
SYM_FUNC_END(fgft_return)
