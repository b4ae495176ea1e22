// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of device access. A register outside the ranges of the device is a fault, and so is
 * an access that runs over its end.
 */
#include <linux/io.h>

#include "fgft_call.h"
#include "fgft_device.h"

#define PLACE	FGFT_PLACE_OF_CALL

static void need(unsigned long address, unsigned long length, bool write, unsigned long place)
{
	struct fgft_call *call = fgft_current();
	u16 rights = write ? FGFT_IO_WRITE : FGFT_IO_READ;

	if (!call)
		return;
	if (fgft_device_port(address, &address))
		rights = write ? FGFT_PORT_WRITE : FGFT_PORT_READ;
	if (!call->budget)
		fgft_fault(call, FGFT_RUNAWAY, 0, 0, NULL, place);
	call->budget--;
	if (length && !fgft_ranges_allow(&call->core.ranges, address, length, rights))
		fgft_fault(call, FGFT_BAD_IO, address, length, NULL, place);
}

/* One register is about to be written. */
static void need_write(unsigned long address, u32 how, u64 value, unsigned long place)
{
	need(address, how & FGFT_ACCESS_SIZE, true, place);
	fgft_device_write(fgft_current(), address, how, value, place);
}

/* Bytes go to a stream or to memory of the device: nothing brings back what was there. */
static void need_bytes(unsigned long address, unsigned long length, unsigned long place)
{
	need(address, length, true, place);
	fgft_device_note(fgft_current());
}

static void need_memory(const void *memory, unsigned long length, u16 rights, unsigned long place)
{
	fgft_need(fgft_current(), memory, length, rights, "buffer", place);
}

#define READ_REGISTER(name, type)						\
	FGFT_STUB(type, name, const volatile void __iomem *address)		\
	{									\
		need((__force unsigned long)address, sizeof(type), false, PLACE);	\
		return name(address);						\
	}

#define WRITE_REGISTER(name, type)						\
	FGFT_STUB(void, name, type value, volatile void __iomem *address)	\
	{									\
		need_write((__force unsigned long)address, sizeof(type), value, PLACE);	\
		name(value, address);						\
	}

READ_REGISTER(readb, u8)
READ_REGISTER(readw, u16)
READ_REGISTER(readl, u32)
READ_REGISTER(readq, u64)
READ_REGISTER(readb_relaxed, u8)
READ_REGISTER(readw_relaxed, u16)
READ_REGISTER(readl_relaxed, u32)
READ_REGISTER(readq_relaxed, u64)
READ_REGISTER(__raw_readb, u8)
READ_REGISTER(__raw_readw, u16)
READ_REGISTER(__raw_readl, u32)
READ_REGISTER(__raw_readq, u64)
WRITE_REGISTER(writeb, u8)
WRITE_REGISTER(writew, u16)
WRITE_REGISTER(writel, u32)
WRITE_REGISTER(writeq, u64)
WRITE_REGISTER(writeb_relaxed, u8)
WRITE_REGISTER(writew_relaxed, u16)
WRITE_REGISTER(writel_relaxed, u32)
WRITE_REGISTER(writeq_relaxed, u64)
WRITE_REGISTER(__raw_writeb, u8)
WRITE_REGISTER(__raw_writew, u16)
WRITE_REGISTER(__raw_writel, u32)
WRITE_REGISTER(__raw_writeq, u64)

/* ioreadN() and iowriteN() take ports and memory alike, and return 32 bits whatever they read. */
#define IOREAD(name, bytes)							\
	FGFT_STUB(unsigned int, name, const void __iomem *address)		\
	{									\
		need((__force unsigned long)address, bytes, false, PLACE);	\
		return name(address);						\
	}

#define IOWRITE(name, type, how)						\
	FGFT_STUB(void, name, type value, void __iomem *address)		\
	{									\
		need_write((__force unsigned long)address, sizeof(type) | (how), value, PLACE);	\
		name(value, address);						\
	}

IOREAD(ioread8, 1)
IOREAD(ioread16, 2)
IOREAD(ioread32, 4)
IOREAD(ioread16be, 2)
IOREAD(ioread32be, 4)
IOWRITE(iowrite8, u8, 0)
IOWRITE(iowrite16, u16, 0)
IOWRITE(iowrite32, u32, 0)
IOWRITE(iowrite16be, u16, FGFT_ACCESS_SWAPPED)
IOWRITE(iowrite32be, u32, FGFT_ACCESS_SWAPPED)

#define IOREAD_REPEAT(name, bytes)							\
	FGFT_STUB(void, name, const void __iomem *address, void *to, unsigned long count)	\
	{										\
		need((__force unsigned long)address, bytes, false, PLACE);		\
		need_memory(to, count * (bytes), FGFT_WRITE, PLACE);			\
		name(address, to, count);						\
	}

#define IOWRITE_REPEAT(name, bytes)							\
	FGFT_STUB(void, name, void __iomem *address, const void *from, unsigned long count)	\
	{										\
		need_memory(from, count * (bytes), FGFT_READ, PLACE);			\
		need_bytes((__force unsigned long)address, bytes, PLACE);		\
		name(address, from, count);						\
	}

IOREAD_REPEAT(ioread8_rep, 1)
IOREAD_REPEAT(ioread16_rep, 2)
IOREAD_REPEAT(ioread32_rep, 4)
IOWRITE_REPEAT(iowrite8_rep, 1)
IOWRITE_REPEAT(iowrite16_rep, 2)
IOWRITE_REPEAT(iowrite32_rep, 4)

/* inb() and its like may be macros: their names are pasted before anything expands them. */
#define READ_PORT(name, type)							\
	type fgft_k_##name(int port);						\
	type __fgft_stub fgft_k_##name(int port)				\
	{									\
		need((u16)port, sizeof(type), false, PLACE);			\
		return name(port);						\
	}

#define WRITE_PORT(name, type)							\
	void fgft_k_##name(type value, int port);				\
	void __fgft_stub fgft_k_##name(type value, int port)			\
	{									\
		need_write((u16)port, sizeof(type), value, PLACE);		\
		name(value, port);						\
	}

#define READ_PORTS(name, bytes)							\
	FGFT_STUB(void, name, int port, void *to, unsigned long count)		\
	{									\
		need((u16)port, bytes, false, PLACE);				\
		need_memory(to, count * (bytes), FGFT_WRITE, PLACE);		\
		name(port, to, count);						\
	}

#define WRITE_PORTS(name, bytes)						\
	FGFT_STUB(void, name, int port, const void *from, unsigned long count)	\
	{									\
		need_memory(from, count * (bytes), FGFT_READ, PLACE);		\
		need_bytes((u16)port, bytes, PLACE);				\
		name(port, from, count);					\
	}

READ_PORT(inb, u8)
READ_PORT(inw, u16)
READ_PORT(inl, u32)
READ_PORT(inb_p, u8)
READ_PORT(inw_p, u16)
READ_PORT(inl_p, u32)
WRITE_PORT(outb, u8)
WRITE_PORT(outw, u16)
WRITE_PORT(outl, u32)
WRITE_PORT(outb_p, u8)
WRITE_PORT(outw_p, u16)
WRITE_PORT(outl_p, u32)
READ_PORTS(insb, 1)
READ_PORTS(insw, 2)
READ_PORTS(insl, 4)
WRITE_PORTS(outsb, 1)
WRITE_PORTS(outsw, 2)
WRITE_PORTS(outsl, 4)

FGFT_STUB(void, memcpy_fromio, void *to, const volatile void __iomem *from, size_t length)
{
	need((__force unsigned long)from, length, false, PLACE);
	need_memory(to, length, FGFT_WRITE, PLACE);
	memcpy_fromio(to, from, length);
}

FGFT_STUB(void, memcpy_toio, volatile void __iomem *to, const void *from, size_t length)
{
	need_memory(from, length, FGFT_READ, PLACE);
	need_bytes((__force unsigned long)to, length, PLACE);
	memcpy_toio(to, from, length);
}

FGFT_STUB(void, memset_io, volatile void __iomem *to, int value, size_t length)
{
	need_bytes((__force unsigned long)to, length, PLACE);
	memset_io(to, value, length);
}
