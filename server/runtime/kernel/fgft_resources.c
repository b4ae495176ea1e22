// SPDX-License-Identifier: GPL-2.0
/*
 * How far do a device's registers reach? The kernel's resource trees say it: to the byte for ports
 * and for memory that a driver or a bus has claimed.
 */
#include <linux/ioport.h>
#include <linux/mm.h>
#include <asm/pgtable.h>

#include "fgft_call.h"
#include "fgft_device.h"

/* The innermost resource that holds an address, NULL if none below the root does. */
static const struct resource *innermost(const struct resource *root, resource_size_t address)
{
	const struct resource *at = root->child, *found = NULL;

	while (at) {
		if (address < at->start || address > at->end) {
			at = at->sibling;
			continue;
		}
		found = at;
		at = at->child;
	}
	return found;
}

/**
 * fgft_follow_ports - let isolated code use the ports that one belongs to
 * @call: the call, or NULL
 * @first: a port
 * @rights: FGFT_PORT_READ, FGFT_PORT_WRITE
 */
void fgft_follow_ports(struct fgft_call *call, unsigned long first, u16 rights)
{
	const struct resource *resource = innermost(&ioport_resource, first & 0xffff);

	if (!resource || fgft_failed(call))
		return;
	fgft_device_base(call, first & 0xffff);
	if (fgft_ranges_allow(&call->core.ranges, resource->start, resource_size(resource), rights))
		return;
	fgft_allow_ports(call, resource->start, resource_size(resource), rights);
}

/**
 * fgft_follow_io - let isolated code use the registers that one belongs to
 * @call: the call, or NULL
 * @base: mapped memory, or a port as ioport_map() and pci_iomap() give them out; anything else is
 *		passed over
 * @rights: FGFT_IO_READ, FGFT_IO_WRITE
 *
 * Of mapped memory no more is given than the page tables map next to @base in one piece.
 */
void fgft_follow_io(struct fgft_call *call, const volatile void __iomem *base, u16 rights)
{
	unsigned long address = (__force unsigned long)base, start, length;
	const struct resource *resource;
	resource_size_t physical;
	unsigned int level;

	if (address < FGFT_LAST_COOKIE) {
		u16 ports = (rights & FGFT_IO_READ ? FGFT_PORT_READ : 0) |
			    (rights & FGFT_IO_WRITE ? FGFT_PORT_WRITE : 0);

		if (address >= FGFT_FIRST_COOKIE)
			fgft_follow_ports(call, address, ports);
		return;
	}
	if (fgft_failed(call) || !is_vmalloc_addr((void *)address) ||
	    !lookup_address(address, &level))
		return;
	fgft_device_base(call, address);
	physical = slow_virt_to_phys((void *)address);
	resource = innermost(&iomem_resource, physical);
	start = resource ? address - (physical - resource->start) : address & PAGE_MASK;
	length = resource ? resource_size(resource) : PAGE_SIZE;
	if (!is_vmalloc_addr((void *)start)) {
		start = address & PAGE_MASK;
		length = PAGE_SIZE;
	}
	if (!fgft_ranges_allow(&call->core.ranges, start, length, rights))
		fgft_allow(call, (void *)start, length, rights);
}
