// SPDX-License-Identifier: GPL-2.0
/*
 * Gives PCI devices another revision before their driver looks. An emulator may call its chip by a later
 * revision than the one it behaves like, and drivers choose by it.
 */
#include <linux/module.h>
#include <linux/pci.h>

static unsigned short vendor;
module_param(vendor, ushort, 0444);
MODULE_PARM_DESC(vendor, "vendor of the devices");

static unsigned short device;
module_param(device, ushort, 0444);
MODULE_PARM_DESC(device, "device number of the devices");

static unsigned char revision;
module_param(revision, byte, 0444);
MODULE_PARM_DESC(revision, "revision that they get");

static int __init pci_revision_init(void)
{
	struct pci_dev *pdev = NULL;
	int found = 0;

	while ((pdev = pci_get_device(vendor, device, pdev))) {
		pdev->revision = revision;
		found++;
	}
	return found ? 0 : -ENODEV;
}

static void __exit pci_revision_exit(void)
{
}

module_init(pci_revision_init);
module_exit(pci_revision_exit);
MODULE_DESCRIPTION("Sets the revision of PCI devices");
MODULE_LICENSE("GPL");
