// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of network interfaces: what the kernel changes in its own memory on the driver's
 * behalf is remembered, so that an abort can change it back.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/version.h>

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

static void schedule_napi(struct fgft_call *call, unsigned long napi, unsigned long unused,
			  unsigned long unused_too)
{
	__napi_schedule((struct napi_struct *)napi);
}

/*
 * Puts a poll on the processor's list. Whoever has not won it with napi_schedule_prep() puts it
 * there twice.
 */
static void schedule_later(struct napi_struct *napi, unsigned long place)
{
	struct fgft_call *call = fgft_current();
	struct napi_struct *of = fgft_original(call, napi);

	fgft_need_object(call, napi, "NAPI", place);
	if (call)
		fgft_need_value(call,
				fgft_gate_undoes(call, (unsigned long)napi_complete_done,
						 (unsigned long)of),
				"NAPI that the call did not prepare", place);
	fgft_room(call, 1, place);
	fgft_defer(call, schedule_napi, (unsigned long)of, 0, 0);
}

FGFT_STUB(void, __napi_schedule, struct napi_struct *n)
{
	schedule_later(n, PLACE);
}

FGFT_STUB(void, __napi_schedule_irqoff, struct napi_struct *n)
{
	schedule_later(n, PLACE);
}

/* Bytes that the kernel function behind a stub is about to write. */
static void remember(struct fgft_call *call, const void *memory, u32 length, unsigned long place)
{
	if (call && fgft_undo_store(&call->core, (unsigned long)memory, length))
		fgft_fault(call, FGFT_TABLE_FULL, (unsigned long)memory, length, "undo log", place);
}

/*
 * What a queue has completed is counted once: an aborted call completes the same again when it is
 * repeated, and the kernel stops when more completes than was queued. Queueing goes on meanwhile on
 * other processors, so what it counts is left alone.
 */
FGFT_STUB(void, dql_completed, struct dql *dql, unsigned int count)
{
	struct fgft_call *call = fgft_current();
	struct dql *of = fgft_original(call, dql);

	fgft_need_object(call, dql, "queue", PLACE);
	fgft_need_value(call, count <= READ_ONCE(of->num_queued) - of->num_completed,
			"more completed than queued", PLACE);
	fgft_publish(call, PLACE);
	remember(call, &of->adj_limit, sizeof(of->adj_limit), PLACE);
	remember(call, &of->limit, offsetof(struct dql, max_limit) - offsetof(struct dql, limit),
		 PLACE);
	dql_completed(of, count);
	fgft_refresh(call);
}

FGFT_STUB(void, dql_reset, struct dql *dql)
{
	struct fgft_call *call = fgft_current();
	struct dql *of = fgft_original(call, dql);

	fgft_need_object(call, dql, "queue", PLACE);
	fgft_publish(call, PLACE);
	remember(call, of, sizeof(*of), PLACE);
	dql_reset(of);
	fgft_refresh(call);
}

/*
 * A page that a packet was given belongs to the ring again after an abort: the packet, which is
 * freed then, must not have it any more.
 */
static void remember_packet(struct fgft_call *call, struct sk_buff *skb, int frag,
			    unsigned long place)
{
	struct skb_shared_info *shared;

	if (!call)
		return;
	fgft_publish(call, place);
	fgft_need_value(call, frag >= 0 && frag < MAX_SKB_FRAGS, "number of the fragment", place);
	shared = skb_shinfo(skb);
	remember(call, &skb->len, sizeof(skb->len), place);
	remember(call, &skb->data_len, sizeof(skb->data_len), place);
	remember(call, &skb->truesize, sizeof(skb->truesize), place);
	remember(call, &shared->nr_frags, sizeof(shared->nr_frags), place);
	remember(call, &shared->frags[frag], sizeof(shared->frags[frag]), place);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
FGFT_STUB(void, skb_add_rx_frag_netmem, struct sk_buff *skb, int i, netmem_ref page, int offset,
	  int size, unsigned int truesize)
#else
FGFT_STUB(void, skb_add_rx_frag, struct sk_buff *skb, int i, struct page *page, int offset,
	  int size, unsigned int truesize)
#endif
{
	struct fgft_call *call = fgft_current();
	struct sk_buff *of = fgft_original(call, skb);

	fgft_need_object(call, skb, "packet", PLACE);
	remember_packet(call, of, i, PLACE);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	skb_add_rx_frag_netmem(of, i, page, offset, size, truesize);
#else
	skb_add_rx_frag(of, i, page, offset, size, truesize);
#endif
	fgft_refresh(call);
}

FGFT_STUB(void, skb_coalesce_rx_frag, struct sk_buff *skb, int i, int size, unsigned int truesize)
{
	struct fgft_call *call = fgft_current();
	struct sk_buff *of = fgft_original(call, skb);

	fgft_need_object(call, skb, "packet", PLACE);
	remember_packet(call, of, i, PLACE);
	skb_coalesce_rx_frag(of, i, size, truesize);
	fgft_refresh(call);
}
