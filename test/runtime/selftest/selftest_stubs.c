// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of the self-test, as generated code has them.
 */
#include <linux/completion.h>

#include "fgft_runtime.h"
#include "selftest.h"

FGFT_STUB(int, selftest_kernel_call, struct selftest_device *device, int action)
{
	struct fgft_call *call = fgft_current();
	int rc;

	fgft_need_object(call, device, "device", FGFT_PLACE_OF_CALL);
	fgft_release_locks(call, FGFT_PLACE_OF_CALL);
	fgft_publish(call, FGFT_PLACE_OF_CALL);
	rc = selftest_kernel_call(fgft_original(call, device), action);
	fgft_refresh(call);
	return rc;
}

FGFT_STUB(void, complete, struct completion *completion)
{
	struct fgft_call *call = fgft_current();

	fgft_need_object(call, completion, "completion", FGFT_PLACE_OF_CALL);
	fgft_publish(call, FGFT_PLACE_OF_CALL);
	complete(fgft_original(call, completion));
}

FGFT_STUB(unsigned long, wait_for_completion_timeout, struct completion *completion,
	  unsigned long timeout)
{
	struct fgft_call *call = fgft_current();
	unsigned long left;

	fgft_need_object(call, completion, "completion", FGFT_PLACE_OF_CALL);
	fgft_wait_begin(call, "wait_for_completion_timeout", FGFT_PLACE_OF_CALL);
	left = wait_for_completion_timeout(fgft_original(call, completion), timeout);
	fgft_wait_end(call);
	return left;
}
