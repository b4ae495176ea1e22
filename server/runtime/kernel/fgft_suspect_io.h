/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before isolated code: device accesses that the kernel makes in inline assembly become
 * calls of stubs. ioread8() and the like are functions already, whose symbols are renamed in the
 * object.
 */
#ifndef _FGFT_SUSPECT_IO_H
#define _FGFT_SUSPECT_IO_H

#include <linux/io.h>

u8 fgft_k_readb(const volatile void __iomem *address);
u8 fgft_k_readb_relaxed(const volatile void __iomem *address);
u8 fgft_k___raw_readb(const volatile void __iomem *address);
u16 fgft_k_readw(const volatile void __iomem *address);
u16 fgft_k_readw_relaxed(const volatile void __iomem *address);
u16 fgft_k___raw_readw(const volatile void __iomem *address);
u32 fgft_k_readl(const volatile void __iomem *address);
u32 fgft_k_readl_relaxed(const volatile void __iomem *address);
u32 fgft_k___raw_readl(const volatile void __iomem *address);
u64 fgft_k_readq(const volatile void __iomem *address);
u64 fgft_k_readq_relaxed(const volatile void __iomem *address);
u64 fgft_k___raw_readq(const volatile void __iomem *address);
void fgft_k_writeb(u8 value, volatile void __iomem *address);
void fgft_k_writeb_relaxed(u8 value, volatile void __iomem *address);
void fgft_k___raw_writeb(u8 value, volatile void __iomem *address);
void fgft_k_writew(u16 value, volatile void __iomem *address);
void fgft_k_writew_relaxed(u16 value, volatile void __iomem *address);
void fgft_k___raw_writew(u16 value, volatile void __iomem *address);
void fgft_k_writel(u32 value, volatile void __iomem *address);
void fgft_k_writel_relaxed(u32 value, volatile void __iomem *address);
void fgft_k___raw_writel(u32 value, volatile void __iomem *address);
void fgft_k_writeq(u64 value, volatile void __iomem *address);
void fgft_k_writeq_relaxed(u64 value, volatile void __iomem *address);
void fgft_k___raw_writeq(u64 value, volatile void __iomem *address);
u8 fgft_k_inb(int port);
void fgft_k_outb(u8 value, int port);
u8 fgft_k_inb_p(int port);
void fgft_k_outb_p(u8 value, int port);
void fgft_k_insb(int port, void *to, unsigned long count);
void fgft_k_outsb(int port, const void *from, unsigned long count);
u16 fgft_k_inw(int port);
void fgft_k_outw(u16 value, int port);
u16 fgft_k_inw_p(int port);
void fgft_k_outw_p(u16 value, int port);
void fgft_k_insw(int port, void *to, unsigned long count);
void fgft_k_outsw(int port, const void *from, unsigned long count);
u32 fgft_k_inl(int port);
void fgft_k_outl(u32 value, int port);
u32 fgft_k_inl_p(int port);
void fgft_k_outl_p(u32 value, int port);
void fgft_k_insl(int port, void *to, unsigned long count);
void fgft_k_outsl(int port, const void *from, unsigned long count);

#undef readb
#undef readb_relaxed
#undef __raw_readb
#undef readw
#undef readw_relaxed
#undef __raw_readw
#undef readl
#undef readl_relaxed
#undef __raw_readl
#undef readq
#undef readq_relaxed
#undef __raw_readq
#undef writeb
#undef writeb_relaxed
#undef __raw_writeb
#undef writew
#undef writew_relaxed
#undef __raw_writew
#undef writel
#undef writel_relaxed
#undef __raw_writel
#undef writeq
#undef writeq_relaxed
#undef __raw_writeq
#undef inb
#undef outb
#undef inb_p
#undef outb_p
#undef insb
#undef outsb
#undef inw
#undef outw
#undef inw_p
#undef outw_p
#undef insw
#undef outsw
#undef inl
#undef outl
#undef inl_p
#undef outl_p
#undef insl
#undef outsl
#define readb			fgft_k_readb
#define readb_relaxed		fgft_k_readb_relaxed
#define __raw_readb		fgft_k___raw_readb
#define readw			fgft_k_readw
#define readw_relaxed		fgft_k_readw_relaxed
#define __raw_readw		fgft_k___raw_readw
#define readl			fgft_k_readl
#define readl_relaxed		fgft_k_readl_relaxed
#define __raw_readl		fgft_k___raw_readl
#define readq			fgft_k_readq
#define readq_relaxed		fgft_k_readq_relaxed
#define __raw_readq		fgft_k___raw_readq
#define writeb			fgft_k_writeb
#define writeb_relaxed		fgft_k_writeb_relaxed
#define __raw_writeb		fgft_k___raw_writeb
#define writew			fgft_k_writew
#define writew_relaxed		fgft_k_writew_relaxed
#define __raw_writew		fgft_k___raw_writew
#define writel			fgft_k_writel
#define writel_relaxed		fgft_k_writel_relaxed
#define __raw_writel		fgft_k___raw_writel
#define writeq			fgft_k_writeq
#define writeq_relaxed		fgft_k_writeq_relaxed
#define __raw_writeq		fgft_k___raw_writeq
#define inb			fgft_k_inb
#define outb			fgft_k_outb
#define inb_p			fgft_k_inb_p
#define outb_p			fgft_k_outb_p
#define insb			fgft_k_insb
#define outsb			fgft_k_outsb
#define inw			fgft_k_inw
#define outw			fgft_k_outw
#define inw_p			fgft_k_inw_p
#define outw_p			fgft_k_outw_p
#define insw			fgft_k_insw
#define outsw			fgft_k_outsw
#define inl			fgft_k_inl
#define outl			fgft_k_outl
#define inl_p			fgft_k_inl_p
#define outl_p			fgft_k_outl_p
#define insl			fgft_k_insl
#define outsl			fgft_k_outsl

#endif /* _FGFT_SUSPECT_IO_H */
