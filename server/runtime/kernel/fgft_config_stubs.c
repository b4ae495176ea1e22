// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of PCI configuration space: a write first reads what stands there, for an abort.
 */
#include <linux/pci.h>

#include "fgft_call.h"
#include "fgft_device.h"

#define PLACE	FGFT_PLACE_OF_CALL

#if IS_ENABLED(CONFIG_PCI)
/* The status half of the command word: writing a 1 clears an event. */
static u32 without_events(int where, u32 bytes, u32 value)
{
	if (where == PCI_STATUS && bytes == 2)
		return 0;
	if (where == PCI_COMMAND && bytes == 4)
		return value & 0xffff;
	return value;
}

static int read_config(const struct pci_dev *device, int where, u32 bytes, u32 *value)
{
	u8 byte = 0;
	u16 word = 0;
	int rc;

	if (bytes == 4)
		return pci_read_config_dword(device, where, value);
	if (bytes == 2) {
		rc = pci_read_config_word(device, where, &word);
		*value = word;
	} else {
		rc = pci_read_config_byte(device, where, &byte);
		*value = byte;
	}
	return rc;
}

static int write_config(const struct pci_dev *device, int where, u32 bytes, u32 value)
{
	if (bytes == 4)
		return pci_write_config_dword(device, where, value);
	if (bytes == 2)
		return pci_write_config_word(device, where, value);
	return pci_write_config_byte(device, where, value);
}

static void put_back(struct fgft_call *call, unsigned long device, unsigned long value,
		     unsigned long how)
{
	const struct pci_dev *of = (const struct pci_dev *)device;
	int where = how >> 4;
	u32 bytes = how & FGFT_ACCESS_SIZE, now;

	if (read_config(of, where, bytes, &now) ||
	    without_events(where, bytes, now) != without_events(where, bytes, value))
		write_config(of, where, bytes, without_events(where, bytes, value));
}

static int write_logged(const struct pci_dev *device, int where, u32 bytes, u32 value,
			unsigned long place)
{
	struct fgft_call *call = fgft_current();
	unsigned long how = (unsigned long)where << 4 | bytes;
	const struct pci_dev *of = fgft_original(call, device);
	u32 old = 0;

	if (call) {
		fgft_need_object(call, device, "PCI device", place);
		if (!fgft_device_undoes() || read_config(of, where, bytes, &old)) {
			fgft_device_note(call);
		} else if (!fgft_log_is_last(&call->core.undo, put_back, (unsigned long)of, how)) {
			fgft_room(call, 1, place);
			fgft_undo(call, put_back, (unsigned long)of, old, how);
		}
	}
	return write_config(of, where, bytes, value);
}

FGFT_STUB(int, pci_write_config_byte, const struct pci_dev *device, int where, u8 value)
{
	return write_logged(device, where, 1, value, PLACE);
}

FGFT_STUB(int, pci_write_config_word, const struct pci_dev *device, int where, u16 value)
{
	return write_logged(device, where, 2, value, PLACE);
}

FGFT_STUB(int, pci_write_config_dword, const struct pci_dev *device, int where, u32 value)
{
	return write_logged(device, where, 4, value, PLACE);
}
#endif
