/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before the driver's own text when it is compiled as isolated code.
 *
 * The compiler checks what it sees. What it does not see (inline assembly: device access, atomic
 * operations, bits, interrupts) becomes a call of a stub here, in drivers and in the kernel's
 * inline functions alike. And an isolated copy is no module of its own: it has no parameters, no
 * licence, no start.
 */
#ifndef _FGFT_SUSPECT_H
#define _FGFT_SUSPECT_H

#include "fgft_suspect_hooks.h"
#include "fgft_suspect_bits.h"
#include "fgft_suspect_atomic.h"
#include "fgft_suspect_io.h"
#include "fgft_suspect_context.h"
#include "fgft_suspect_local.h"
#include "fgft_suspect_module.h"

/* printk.h has given this a meaning, which the driver is about to change. */
#ifdef FGFT_OWN_PR_FMT
#undef pr_fmt
#endif

#endif /* _FGFT_SUSPECT_H */
