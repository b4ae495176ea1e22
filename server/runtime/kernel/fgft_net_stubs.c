// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of network interfaces: what the kernel changes in its own memory on the driver's
 * behalf is remembered, so that an abort can change it back.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "fgft_call.h"

#define PLACE	FGFT_PLACE_OF_CALL

struct old_address {
	unsigned int offset;
	u32 length;
	u8 bytes[MAX_ADDR_LEN];
};

static void put_address_back(struct fgft_call *call, unsigned long device, unsigned long memory,
			     unsigned long unused)
{
	struct old_address *old = (struct old_address *)memory;

	dev_addr_mod((struct net_device *)device, old->offset, old->bytes, old->length);
	kfree(old);
}

static void forget_address(struct fgft_call *call, unsigned long memory, unsigned long unused,
			   unsigned long unused_too)
{
	kfree((void *)memory);
}

/* Every inline function that sets an interface's address ends here. */
FGFT_STUB(void, dev_addr_mod, struct net_device *device, unsigned int offset, const void *address,
	  size_t length)
{
	struct fgft_call *call = fgft_current();
	struct net_device *of = fgft_original(call, device);
	struct old_address *old;

	fgft_need_object(call, device, "network device", PLACE);
	fgft_need(call, address, length, FGFT_READ, "address", PLACE);
	fgft_need_value(call, offset <= MAX_ADDR_LEN && length <= MAX_ADDR_LEN - offset,
			"length of the address", PLACE);
	if (call) {
		fgft_room(call, 2, PLACE);
		old = kmalloc(sizeof(*old), GFP_ATOMIC);
		if (!old) {
			fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "no memory to log a kernel call",
				   PLACE);
			return;
		}
		old->offset = offset;
		old->length = length;
		memcpy(old->bytes, of->dev_addr + offset, length);
		fgft_undo(call, put_address_back, (unsigned long)of, (unsigned long)old, 0);
		fgft_defer(call, forget_address, (unsigned long)old, 0, 0);
	}
	dev_addr_mod(of, offset, address, length);
	fgft_refresh(call);
}

/*
 * What was sent completes a second time when the call is repeated, and the kernel counts with
 * BUG_ON. Others only add to num_queued meanwhile, which stands before what is remembered.
 */
FGFT_STUB(void, dql_completed, struct dql *queue, unsigned int count)
{
	struct fgft_call *call = fgft_current();
	struct dql *of = fgft_original(call, queue);

	fgft_need_object(call, queue, "queue limits", PLACE);
	if (call) {
		fgft_publish(call, PLACE);
		fgft_need_value(call, count <= READ_ONCE(of->num_queued) - of->num_completed,
				"count of completed bytes", PLACE);
		if (fgft_undo_store(&call->core, (unsigned long)&of->adj_limit,
				    sizeof(of->adj_limit)) ||
		    fgft_undo_store(&call->core, (unsigned long)&of->limit,
				    sizeof(*of) - offsetof(struct dql, limit))) {
			fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "no room to log a kernel call",
				   PLACE);
			return;
		}
	}
	dql_completed(of, count);
	fgft_refresh(call);
}
