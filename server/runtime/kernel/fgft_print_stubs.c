// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of messages. The kernel would follow a wild pointer in an argument, so the format is
 * read first.
 */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/netdevice.h>
#include <linux/printk.h>

#include "fgft_call.h"

#define PLACE	FGFT_PLACE_OF_CALL

/*
 * Takes one argument of a conversion off the list. Pointers that the kernel would follow are
 * checked.
 */
static void take_argument(struct fgft_call *call, const char **format, va_list *args,
			  unsigned long place)
{
	const char *at = *format;
	int longs = 0;
	void *pointer;

	while (*at && strchr("-+ #0123456789.*hlLqzjt", *at)) {
		if (*at == '*')
			va_arg(*args, int);
		longs += *at == 'l' || *at == 'L' || *at == 'q' || *at == 'z' || *at == 'j' ||
			 *at == 't';
		at++;
	}
	if (*at == 's') {
		pointer = va_arg(*args, char *);
		if (pointer)
			fgft_need_string(call, pointer, "string to print", place);
	} else if (*at == 'p') {
		pointer = va_arg(*args, void *);
		/* Plain addresses are printed, never followed; so are names of functions. */
		if (isalpha(at[1]) && !strchr("KxSsFfB", at[1]) && !IS_ERR_OR_NULL(pointer))
			fgft_need(call, pointer, 1, FGFT_READ, "object to print", place);
		while (isalnum(at[1]))
			at++;
	} else if (*at && *at != '%') {
		if (longs)
			va_arg(*args, long);
		else
			va_arg(*args, int);
	}
	*format = *at ? at + 1 : at;
}

static void check_format(const char *format, va_list args, unsigned long place)
{
	struct fgft_call *call = fgft_current();
	va_list copy;

	if (!call)
		return;
	fgft_need_string(call, format, "format", place);
	va_copy(copy, args);
	while (*format)
		if (*format++ == '%')
			take_argument(call, &format, &copy, place);
	va_end(copy);
}

__printf(1, 2)
FGFT_STUB(int, _printk, const char *format, ...)
{
	va_list args;
	int printed;

	va_start(args, format);
	check_format(format, args, PLACE);
	printed = vprintk(format, args);
	va_end(args);
	return printed;
}

/* Messages that name a device: the kernel reads its name from the original. */
#define DEVICE_MESSAGE(name, record)						\
	FGFT_STUB(void, name, const struct record *device, const char *format, ...)	\
	{									\
		struct fgft_call *call = fgft_current();			\
		struct va_format message = { .fmt = format };			\
		va_list args;							\
										\
		if (device)							\
			fgft_need_object(call, device, "device", PLACE);	\
		va_start(args, format);						\
		check_format(format, args, PLACE);				\
		message.va = &args;						\
		name(fgft_original(call, device), "%pV", &message);		\
		va_end(args);							\
	}

DEVICE_MESSAGE(_dev_emerg, device)
DEVICE_MESSAGE(_dev_alert, device)
DEVICE_MESSAGE(_dev_crit, device)
DEVICE_MESSAGE(_dev_err, device)
DEVICE_MESSAGE(_dev_warn, device)
DEVICE_MESSAGE(_dev_notice, device)
DEVICE_MESSAGE(_dev_info, device)

#if IS_ENABLED(CONFIG_NET)
DEVICE_MESSAGE(netdev_emerg, net_device)
DEVICE_MESSAGE(netdev_alert, net_device)
DEVICE_MESSAGE(netdev_crit, net_device)
DEVICE_MESSAGE(netdev_err, net_device)
DEVICE_MESSAGE(netdev_warn, net_device)
DEVICE_MESSAGE(netdev_notice, net_device)
DEVICE_MESSAGE(netdev_info, net_device)
#endif

/*
 * Reached only where dynamic debugging is switched on for the suspect's own sites, which nobody
 * registers.
 */
#define NO_MESSAGE(name)							\
	FGFT_STUB(void, name, void *descriptor, const void *device, const char *format, ...)	\
	{									\
	}

NO_MESSAGE(__dynamic_dev_dbg)
NO_MESSAGE(__dynamic_netdev_dbg)

FGFT_STUB(void, __dynamic_pr_debug, void *descriptor, const char *format, ...)
{
}
