// SPDX-License-Identifier: GPL-2.0
/*
 * Driver functions in two versions: native, as the kernel knows them, and as isolated code calls
 * them.
 */
#include "fgft_core.h"

static unsigned long route(const struct fgft_core *core, unsigned long function, bool to_native)
{
	u32 i;

	for (i = 0; i < core->route_count; i++) {
		const struct fgft_route *pair = &core->routes[i];

		if (to_native && pair->suspect == function)
			return pair->native;
		if (!to_native && pair->native == function)
			return pair->suspect;
	}
	return function;
}

/**
 * fgft_core_native - the native version of a function that isolated code knows
 * @core: the call's data
 * @function: address of a function
 *
 * Return: the native version; @function if there is no route.
 */
unsigned long fgft_core_native(const struct fgft_core *core, unsigned long function)
{
	return route(core, function, true);
}

/**
 * fgft_core_suspect - the version of a function that isolated code calls
 * @core: the call's data
 * @function: address of a native function
 *
 * Return: the suspect version or the stub; @function if there is no route.
 */
unsigned long fgft_core_suspect(const struct fgft_core *core, unsigned long function)
{
	return route(core, function, false);
}
