// SPDX-License-Identifier: GPL-2.0
/*
 * The driver as isolated code, with one visible wrapper for each entry point.
 */
#include "selftest_driver.c"

int fgft_s_selftest_act(struct selftest_device *device, int action, long argument);
int fgft_s_selftest_act(struct selftest_device *device, int action, long argument)
{
	return selftest_act(device, action, argument);
}

int fgft_s_selftest_exact(struct selftest_device *device, long index);
int fgft_s_selftest_exact(struct selftest_device *device, long index)
{
	return selftest_exact(device, index);
}

int fgft_s_selftest_tick(struct selftest_device *device, long fault);
int fgft_s_selftest_tick(struct selftest_device *device, long fault)
{
	return selftest_tick(device, fault);
}

int fgft_s_selftest_double(struct selftest_device *device, int value);
int fgft_s_selftest_double(struct selftest_device *device, int value)
{
	return selftest_double(device, value);
}

int fgft_s_selftest_poke(struct selftest_device *device, int action, long fault);
int fgft_s_selftest_poke(struct selftest_device *device, int action, long fault)
{
	return selftest_poke(device, action, fault);
}
