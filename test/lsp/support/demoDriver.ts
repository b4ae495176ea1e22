/** A small driver that waits in one entry point for what another completes. */
export const demoDriver = `#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/completion.h>
#include <linux/interrupt.h>

struct demo {
	struct completion done;
	int result;
	u32 mode;
};

static irqreturn_t demo_interrupt(int irq, void *data)
{
	struct demo *demo = data;

	demo->result = 1;
	complete(&demo->done);
	return IRQ_HANDLED;
}

static int demo_probe(struct platform_device *pdev)
{
	struct demo *demo = platform_get_drvdata(pdev);

	return request_irq(5, demo_interrupt, 0, "demo", demo);
}

static int demo_suspend(struct platform_device *pdev, pm_message_t state)
{
	struct demo *demo = platform_get_drvdata(pdev);

	demo->mode = 3;
	wait_for_completion(&demo->done);
	return demo->result;
}

static struct platform_driver demo_driver = {
	.probe = demo_probe,
	.suspend = demo_suspend,
	.driver = {
		.name = "demo",
	},
};
module_platform_driver(demo_driver);
MODULE_LICENSE("GPL");
`;
