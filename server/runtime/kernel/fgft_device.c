// SPDX-License-Identifier: GPL-2.0
/*
 * What a call writes to its device, and how that is taken back.
 *
 * A register that gives back what was written to it is read before it is written; of one that can
 * only be written, the call knows what it wrote itself. An abort walks the writes backwards, one by
 * one and not only to the first value: a lock register that was opened for a write is opened again
 * to take that write back, and a page register selects the same page.
 *
 * What cannot be brought back so (a register that can only be written, one that nobody described, a
 * stream of bytes) is noted: the entry point's restore function then sets the device up anew.
 */
#include <linux/io.h>

#include "fgft_call.h"
#include "fgft_device.h"

static bool undo_writes = true;
module_param_named(fgft_restore, undo_writes, bool, 0644);
MODULE_PARM_DESC(fgft_restore, "log what a call writes to its device, and take it back on a fault");

/**
 * fgft_device_undoes - is the log of writes switched on?
 *
 * Return: true if so.
 */
bool fgft_device_undoes(void)
{
	return READ_ONCE(undo_writes);
}

/**
 * fgft_device_port - the number of a port
 * @address: of a register, as an accessor of the kernel takes it
 * @port: gets the number
 *
 * Return: true if it is a port and not memory.
 */
bool fgft_device_port(unsigned long address, unsigned long *port)
{
	/* Numbers, and the cookies of ioport_map(): below everything that is mapped. */
	if (address >= FGFT_LAST_COOKIE)
		return false;
	*port = address & 0xffff;
	return true;
}

/**
 * fgft_device_base - where the driver counts its registers from
 * @call: the call, or NULL
 * @base: of mapped memory, or the number of a port
 */
void fgft_device_base(struct fgft_call *call, unsigned long base)
{
	u16 i;

	if (!call)
		return;
	for (i = 0; i < call->base_count; i++)
		if (call->bases[i] == base)
			return;
	/* One too many: its registers are unknown ones, which is said when one is written. */
	if (call->base_count < ARRAY_SIZE(call->bases))
		call->bases[call->base_count++] = base;
}

/* The row that an offset belongs to, NULL if none does. */
static const struct fgft_register *row_at(const struct fgft_entry *entry, unsigned long offset)
{
	const struct fgft_register *row;
	u32 low = 0, high = entry->register_count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (entry->registers[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	row = &entry->registers[low - 1];
	return offset - row->offset < max(row->length, 1U) ? row : NULL;
}

static const struct fgft_register *find_row(const struct fgft_call *call, unsigned long address)
{
	u16 i;

	for (i = 0; i < call->base_count; i++) {
		const struct fgft_register *row = row_at(call->entry, address - call->bases[i]);

		if (row)
			return row;
	}
	return NULL;
}

static u64 read_memory(unsigned long address, u32 how)
{
	const volatile void __iomem *at = (const volatile void __iomem *)address;

	switch (how & FGFT_ACCESS_SIZE) {
	case 1:
		return readb(at);
	case 2:
		return how & FGFT_ACCESS_SWAPPED ? swab16(readw(at)) : readw(at);
	case 4:
		return how & FGFT_ACCESS_SWAPPED ? swab32(readl(at)) : readl(at);
	default:
		return readq(at);
	}
}

static void write_memory(unsigned long address, u32 how, u64 value)
{
	volatile void __iomem *at = (volatile void __iomem *)address;

	switch (how & FGFT_ACCESS_SIZE) {
	case 1:
		writeb(value, at);
		break;
	case 2:
		writew(how & FGFT_ACCESS_SWAPPED ? swab16(value) : value, at);
		break;
	case 4:
		writel(how & FGFT_ACCESS_SWAPPED ? swab32(value) : value, at);
		break;
	default:
		writeq(value, at);
		break;
	}
}

static u64 read_port(unsigned long port, u32 how)
{
	switch (how & FGFT_ACCESS_SIZE) {
	case 1:
		return inb(port);
	case 2:
		return how & FGFT_ACCESS_SWAPPED ? swab16(inw(port)) : inw(port);
	default:
		return how & FGFT_ACCESS_SWAPPED ? swab32(inl(port)) : inl(port);
	}
}

static void write_port(unsigned long port, u32 how, u64 value)
{
	switch (how & FGFT_ACCESS_SIZE) {
	case 1:
		outb(value, port);
		break;
	case 2:
		outw(how & FGFT_ACCESS_SWAPPED ? swab16(value) : value, port);
		break;
	default:
		outl(how & FGFT_ACCESS_SWAPPED ? swab32(value) : value, port);
		break;
	}
}

static u64 read_register(unsigned long address, u32 how)
{
	unsigned long port;

	return fgft_device_port(address, &port) ? read_port(port, how) : read_memory(address, how);
}

static void write_register(unsigned long address, u32 how, u64 value)
{
	unsigned long port;

	if (fgft_device_port(address, &port))
		write_port(port, how, value);
	else
		write_memory(address, how, value);
}

/* Writing may do something even if nothing changes: what holds its value already is left alone. */
static void put_back(struct fgft_call *call, unsigned long address, unsigned long value,
		     unsigned long how)
{
	if (!(how & FGFT_ACCESS_READABLE) || read_register(address, how) != value)
		write_register(address, how, value);
}

/**
 * fgft_device_note - the device was written in a way that the log cannot take back
 * @call: the running call, or NULL
 */
void fgft_device_note(struct fgft_call *call)
{
	if (!call)
		return;
	call->touched = true;
	call->device_changed = true;
}

/**
 * fgft_device_write - before a register is written
 * @call: the running call, or NULL
 * @address: of the register, as the accessor takes it
 * @how: bytes, and FGFT_ACCESS_SWAPPED for an accessor that swaps them
 * @value: what will be written
 * @place: FGFT_PLACE_OF_CALL
 *
 * Ends the call if the log has no room: then nothing was written.
 */
void fgft_device_write(struct fgft_call *call, unsigned long address, u32 how, u64 value,
		       unsigned long place)
{
	const struct fgft_register *row;
	struct fgft_register_state *state;
	unsigned long port;
	bool known;

	if (!call)
		return;
	row = fgft_device_undoes() ?
		      find_row(call, fgft_device_port(address, &port) ? port : address) : NULL;
	if (!row) {
		fgft_device_note(call);
		return;
	}
	if (row->flags & FGFT_REGISTER_EVENT) {
		call->touched = true;
		return;
	}
	if (row->flags & FGFT_REGISTER_READABLE)
		how |= FGFT_ACCESS_READABLE;
	call->touched = true;
	state = &call->registers[row - call->entry->registers];
	known = state->address == address && state->how == how;
	if (!(how & FGFT_ACCESS_READABLE) && !known) {
		call->device_changed = true;
	} else if (!fgft_log_is_last(&call->core.undo, put_back, address, how)) {
		/* Of writes to one register with nothing between them the first is enough. */
		fgft_room(call, 1, place);
		fgft_undo(call, put_back, address,
			  known ? state->value : read_register(address, how), how);
	}
	if (how & FGFT_ACCESS_READABLE)
		return;
	*state = (struct fgft_register_state){ address, value, how };
	call->registers_known = true;
}

/**
 * fgft_device_clear - forget what a call knew of its device
 * @call: a call that has ended
 */
void fgft_device_clear(struct fgft_call *call)
{
	if (call->registers_known)
		memset(call->registers, 0,
		       call->entry->register_count * sizeof(*call->registers));
	call->registers_known = false;
	call->device_changed = false;
	call->base_count = 0;
}
