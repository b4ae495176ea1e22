// SPDX-License-Identifier: GPL-2.0
/*
 * Which fault is alive, and what was reached. Written through the module's parameters:
 * campaign_chosen (0: none), campaign_hits, and campaign_reached, which prints the numbers of the places that were
 * reached since it was read last.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>

#define FGFT_CAMPAIGN_FAULTS 4096

int fgft_campaign_chosen;
int fgft_campaign_hits;
u8 fgft_campaign_reached[FGFT_CAMPAIGN_FAULTS];

module_param_named(campaign_chosen, fgft_campaign_chosen, int, 0644);
MODULE_PARM_DESC(campaign_chosen, "number of the fault that is alive, 0 for none");
module_param_named(campaign_hits, fgft_campaign_hits, int, 0644);
MODULE_PARM_DESC(campaign_hits, "how often a fault happened");

static int print_reached(char *buffer, const struct kernel_param *parameter)
{
	int length = 0;
	int number;

	for (number = 0; number < FGFT_CAMPAIGN_FAULTS; number++) {
		if (!fgft_campaign_reached[number] || length > PAGE_SIZE - 16)
			continue;
		length += scnprintf(buffer + length, PAGE_SIZE - length, "%d ", number);
		fgft_campaign_reached[number] = 0;
	}
	return length + scnprintf(buffer + length, PAGE_SIZE - length, "\n");
}

static const struct kernel_param_ops reached_operations = { .get = print_reached };

module_param_cb(campaign_reached, &reached_operations, NULL, 0444);
MODULE_PARM_DESC(campaign_reached, "numbers of the faults whose place was reached since the last reading");
