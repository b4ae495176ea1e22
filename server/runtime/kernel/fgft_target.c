// SPDX-License-Identifier: GPL-2.0
/*
 * Where isolated code may jump to.
 *
 * gcc reaches every function pointer through a thunk of the kernel's (against speculation); the
 * suspect object's thunks are ours. They ask here.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <asm/pgtable.h>

#include "fgft_call.h"

/* The universal stub: translates registers. Part of the module if generated code needs it. */
extern char fgft_gate[] __weak;

struct fgft_jump {
	unsigned long target;
	unsigned long through_gate;
};

struct fgft_jump fgft_find_target(unsigned long target, unsigned long place);

/**
 * fgft_is_executable - is there code at an address?
 * @address: any
 *
 * Return: true if the kernel could execute there.
 */
bool fgft_is_executable(unsigned long address)
{
	unsigned int level;
	pte_t *entry;

	if (address < __START_KERNEL_map)
		return false;
	entry = lookup_address(address, &level);
	return entry && pte_present(*entry) && !(pte_flags(*entry) & _PAGE_NX);
}

/**
 * fgft_find_target - what a call through a function pointer is to reach
 * @target: the pointer
 * @place: instruction behind the call
 *
 * Suspect functions and stubs are called as they are, native functions that have such a version
 * through it, and functions of the kernel and of other modules through the universal stub. Anything
 * else is a fault.
 *
 * Return: where to jump.
 */
struct fgft_jump fgft_find_target(unsigned long target, unsigned long place)
{
	struct fgft_call *call = fgft_current();
	struct fgft_jump jump = { .target = target };

	if (!call || fgft_is_suspect_text(target) || fgft_is_stub_text(target))
		return jump;
	jump.target = fgft_core_suspect(&call->core, target);
	if (jump.target != target)
		return jump;
	jump.through_gate = fgft_gate && !within_module(target, THIS_MODULE) &&
			    fgft_is_executable(target);
	if (!jump.through_gate)
		fgft_fault(call, FGFT_BAD_CALL, target, 0, NULL, place);
	return jump;
}
