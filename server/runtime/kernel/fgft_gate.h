/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The universal kernel stub: what isolated code calls in place of a kernel function that has no
 * stub of its own.
 */
#ifndef _FGFT_GATE_H
#define _FGFT_GATE_H

/*
 * What a kernel function does, as far as the gate must know. The build makes the rows;
 * fgft_gates.sh knows the numbers.
 */
#define FGFT_GATE_SLEEPS	0x01
#define FGFT_GATE_WAITS		0x02	/* for another context: publishes and refreshes */
#define FGFT_GATE_PURE		0x04	/* neither reads nor writes what its arguments point to */
#define FGFT_GATE_DEFERRED	0x08	/* runs when the call has succeeded, result 0 */
#define FGFT_GATE_RESULT_ONE	0x800	/* ... or 1 */
#define FGFT_GATE_UNDO_ZERO	0x10	/* is taken back if it returned 0 */
#define FGFT_GATE_UNDO_NONZERO	0x20	/* ... if it returned anything else */
#define FGFT_GATE_UNDO		0x30	/* ... always */
#define FGFT_GATE_NUMBER	0x40	/* the result is a number, whatever it looks like */
#define FGFT_GATE_FRESH		0x80	/* the result is new memory; an argument has its size */
#define FGFT_GATE_SIZE_SHIFT	8	/* that argument's number, three bits */
#define FGFT_GATE_POINTER_SHIFT	16	/* one bit for each argument that points to a record */
#define FGFT_GATE_STRING_SHIFT	22	/* ... and to a string, which may be a user's */

/*
 * Arguments in registers, and as many words of the stack as are handed on. fgft_gate_entry.S knows
 * both.
 */
#define FGFT_GATE_REGISTERS	6
#define FGFT_GATE_WORDS		8

/*
 * In @undo_arguments: the function's result; the word that an argument points to afterwards; a
 * number below 64.
 */
#define FGFT_GATE_RESULT	0xff
#define FGFT_GATE_POINTED	0x40
#define FGFT_GATE_CONSTANT	0x80

#ifndef __ASSEMBLY__
#include <linux/types.h>

/**
 * struct fgft_gate_row - one kernel function
 * @function: its address
 * @name: for messages
 * @undo: the function that takes it back, or 0; of one that is deferred, what is called in its
 *		place
 * @undo_atomic: the one that does it where @undo must not sleep, or 0 if @undo never does
 * @flags: FGFT_GATE_*
 * @undo_arguments: for each of its arguments, the number of an argument of @function,
 *		FGFT_GATE_RESULT, or a number with FGFT_GATE_POINTED or FGFT_GATE_CONSTANT
 */
struct fgft_gate_row {
	unsigned long function;
	const char *name;
	unsigned long undo;
	unsigned long undo_atomic;
	u32 flags;
	u8 undo_arguments[4];
};

/**
 * struct fgft_gate_frame - one call through the gate; fgft_gate_entry.S lays it out on the stack
 * @registers: rdi, rsi, rdx, rcx, r8, r9; of a deferred call, the first one gets the result
 * @words: of the stack, in order
 * @vectors: al, the number of vector registers of a variadic call
 * @function: where to go; 0: the call is deferred
 * @row: what is known, or NULL
 * @place: the instruction behind the call
 * @stack: the caller's words on the stack
 */
struct fgft_gate_frame {
	unsigned long registers[FGFT_GATE_REGISTERS];
	unsigned long words[FGFT_GATE_WORDS];
	unsigned long vectors;
	unsigned long function;
	const struct fgft_gate_row *row;
	unsigned long place;
	const unsigned long *stack;
};

void __section(".fgft_stub") fgft_gate_enter(struct fgft_gate_frame *frame);
unsigned long __section(".fgft_stub")
	fgft_gate_leave(struct fgft_gate_frame *frame, unsigned long result);
#endif /* __ASSEMBLY__ */

#endif /* _FGFT_GATE_H */
