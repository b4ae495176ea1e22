// SPDX-License-Identifier: GPL-2.0
/*
 * The driver as the kernel knows it: its entry points are stubs that marshal, as generated code
 * does it.
 */
#define selftest_act	fgft_native_selftest_act
#define selftest_exact	fgft_native_selftest_exact
#define selftest_tick	fgft_native_selftest_tick
#define selftest_poke	fgft_native_selftest_poke
#include "selftest_driver.c"
#undef selftest_act
#undef selftest_exact
#undef selftest_tick
#undef selftest_poke

#include "fgft_runtime.h"

int selftest_act(struct selftest_device *device, int action, long argument);
int selftest_exact(struct selftest_device *device, long index);
int selftest_tick(struct selftest_device *device, long fault);
int selftest_poke(struct selftest_device *device, int action, long fault);

int fgft_s_selftest_poke(struct selftest_device *device, int action, long fault);
int fgft_s_selftest_act(struct selftest_device *device, int action, long argument);
int fgft_s_selftest_exact(struct selftest_device *device, long index);
int fgft_s_selftest_tick(struct selftest_device *device, long fault);
int fgft_s_selftest_double(struct selftest_device *device, int value);

static void follow_node(struct fgft_call *call, void *field);

static const struct fgft_limit output_limit = { .least = 0, .most = 1000 };

static const struct fgft_field device_fields[] = {
	FGFT_FIELD(struct selftest_device, lock, FGFT_PLACE),
	FGFT_FIELD(struct selftest_device, other, FGFT_PLACE),
	FGFT_FIELD(struct selftest_device, mutex, FGFT_PLACE),
	FGFT_FIELD(struct selftest_device, input, FGFT_READ),
	FGFT_FIELD_AT(0, struct selftest_device, output, FGFT_READ | FGFT_WRITE, 0, &output_limit),
	FGFT_FIELD(struct selftest_device, constant, FGFT_READ),
	FGFT_FIELD(struct selftest_device, zero, FGFT_READ),
	FGFT_FIELD_AT(0, struct selftest_device, buffer, FGFT_READ | FGFT_WRITE, 1, NULL),
	FGFT_FOLLOWED(0, struct selftest_device, node, FGFT_READ, follow_node),
	FGFT_FIELD(struct selftest_device, nodes, FGFT_READ | FGFT_WRITE | FGFT_POINTER),
	FGFT_FIELD(struct selftest_device, references, FGFT_READ | FGFT_PLACE),
	FGFT_FIELD(struct selftest_device, flags, FGFT_READ | FGFT_PLACE),
	FGFT_FIELD(struct selftest_device, memory, FGFT_READ | FGFT_WRITE | FGFT_POINTER),
	FGFT_FIELD(struct selftest_device, registers, FGFT_READ),
	FGFT_FIELD(struct selftest_device, helper, FGFT_READ | FGFT_FUNCTION),
	FGFT_FIELD(struct selftest_device, asked, FGFT_PLACE),
	FGFT_FIELD(struct selftest_device, answered, FGFT_PLACE),
};

static const struct fgft_shape device_shape =
	FGFT_SHAPE("struct selftest_device", sizeof(struct selftest_device), device_fields);

static const struct fgft_field node_fields[] = {
	FGFT_FIELD(struct selftest_node, link, FGFT_READ | FGFT_WRITE | FGFT_POINTER),
	FGFT_FIELD(struct selftest_node, weight, FGFT_READ),
	FGFT_FIELD(struct selftest_node, visits, FGFT_READ | FGFT_WRITE),
};

static const struct fgft_shape node_shape =
	FGFT_SHAPE("struct selftest_node", sizeof(struct selftest_node), node_fields);

static void follow_node(struct fgft_call *call, void *field)
{
	struct selftest_node **node = field;

	*node = fgft_share(call, &node_shape, *node);
}

struct arguments {
	struct fgft_call *call;
	struct selftest_device *device, *original;
	int action;
	long argument;
	int result;
};

struct state {
	u32 registers[2];
};

static int checkpoint(void *arguments, void *state)
{
	const struct arguments *a = arguments;
	struct state *s = state;

	s->registers[0] = readl(a->original->registers);
	s->registers[1] = readl(a->original->registers + 4);
	return 0;
}

static int restore(void *arguments, const void *state)
{
	const struct arguments *a = arguments;
	const struct state *s = state;

	writel(s->registers[0], a->original->registers);
	writel(s->registers[1], a->original->registers + 4);
	return 0;
}

static struct fgft_route routes[] = {
	{ .native = (unsigned long)selftest_double,
	  .suspect = (unsigned long)fgft_s_selftest_double },
};

DEFINE_FGFT_ENTRY(fgft_entry_selftest_act, isolate_selftest_act,
		  .name = "selftest_act", .file = "selftest_driver.c", .line = 1,
		  .sizes = { .arena = 4096, .objects = 16 }, .budget = 100000,
		  .state_size = sizeof(struct state), .checkpoint = checkpoint, .restore = restore,
		  .routes = routes, .route_count = ARRAY_SIZE(routes));
DEFINE_FGFT_ENTRY(fgft_entry_selftest_exact, isolate_selftest_exact,
		  .name = "selftest_exact", .file = "selftest_driver.c", .line = 2,
		  .flags = FGFT_EXACT_LOCALS | FGFT_FALLBACK_FAIL,
		  .sizes = { .arena = 1024, .objects = 4 });
DEFINE_FGFT_ENTRY(fgft_entry_selftest_tick, isolate_selftest_tick,
		  .name = "selftest_tick", .file = "selftest_driver.c", .line = 3,
		  .sizes = { .arena = 1024, .objects = 4 });

static const struct fgft_register registers[] = {
	{ .offset = POKE_VALUE, .flags = FGFT_REGISTER_READABLE, .name = "value" },
	{ .offset = POKE_ARRAY, .length = 8, .flags = FGFT_REGISTER_READABLE, .name = "array" },
	{ .offset = POKE_PAGE, .name = "page" },
	{ .offset = POKE_EVENT, .flags = FGFT_REGISTER_EVENT, .name = "event" },
};

unsigned int selftest_restarts;

static int restart(void *arguments, const void *state)
{
	selftest_restarts++;
	return 0;
}

DEFINE_FGFT_ENTRY(fgft_entry_selftest_poke, isolate_selftest_poke,
		  .name = "selftest_poke", .file = "selftest_driver.c", .line = 4,
		  .flags = FGFT_RESTORE_NEEDED,
		  .sizes = { .arena = 1024, .objects = 4 }, .restore = restart,
		  .registers = registers, .register_count = ARRAY_SIZE(registers));

struct fgft_entry *const fgft_entries[] = {
	&fgft_entry_selftest_act, &fgft_entry_selftest_exact, &fgft_entry_selftest_tick,
	&fgft_entry_selftest_poke,
};
const unsigned int fgft_entry_count = ARRAY_SIZE(fgft_entries);

static void act_body(void *p)
{
	struct arguments *a = p;

	a->result = fgft_s_selftest_act(a->device, a->action, a->argument);
}

int selftest_act(struct selftest_device *device, int action, long argument)
{
	struct arguments a = { .original = device, .action = action, .argument = argument };

	if (!fgft_isolated(fgft_entry_selftest_act, argument != 4711))
		return fgft_native_selftest_act(device, action, argument);
	a.call = fgft_begin(&fgft_entry_selftest_act);
	a.device = fgft_share(a.call, &device_shape, device);
	if (!fgft_failed(a.call))
		FGFT_COPY_LIST(a.call, &device->nodes, &a.device->nodes, struct selftest_node, link,
			       &node_shape, 8);
	if (action == ACT_CALLER_LOCK || action == ACT_CALLER_LOCK_FAULT)
		fgft_caller_holds(a.call, &device->other, "spinlock");
	fgft_allow_io(a.call, device->registers, SELFTEST_REGISTERS, FGFT_IO_READ | FGFT_IO_WRITE);
	switch (fgft_run(a.call, act_body, &a)) {
	case FGFT_DONE:
		return a.result;
	case FGFT_NATIVE:
		return fgft_native_selftest_act(device, action, argument);
	default:
		return -EIO;
	}
}

static void poke_body(void *p)
{
	struct arguments *a = p;

	a->result = fgft_s_selftest_poke(a->device, a->action, a->argument);
}

int selftest_poke(struct selftest_device *device, int action, long fault)
{
	struct arguments a = { .action = action, .argument = fault };

	if (!fgft_isolated(fgft_entry_selftest_poke, true))
		return fgft_native_selftest_poke(device, action, fault);
	a.call = fgft_begin(&fgft_entry_selftest_poke);
	a.device = fgft_share(a.call, &device_shape, device);
	fgft_allow_io(a.call, device->registers, SELFTEST_REGISTERS, FGFT_IO_READ | FGFT_IO_WRITE);
	switch (fgft_run(a.call, poke_body, &a)) {
	case FGFT_DONE:
		return a.result;
	case FGFT_NATIVE:
		return fgft_native_selftest_poke(device, action, fault);
	default:
		return -EIO;
	}
}

static void exact_body(void *p)
{
	struct arguments *a = p;

	a->result = fgft_s_selftest_exact(a->device, a->argument);
}

int selftest_exact(struct selftest_device *device, long index)
{
	struct arguments a = { .argument = index };

	if (!fgft_isolated(fgft_entry_selftest_exact, true))
		return fgft_native_selftest_exact(device, index);
	a.call = fgft_begin(&fgft_entry_selftest_exact);
	a.device = fgft_share(a.call, &device_shape, device);
	switch (fgft_run(a.call, exact_body, &a)) {
	case FGFT_DONE:
		return a.result;
	case FGFT_NATIVE:
		return fgft_native_selftest_exact(device, index);
	default:
		return -EIO;
	}
}

static void tick_body(void *p)
{
	struct arguments *a = p;

	a->result = fgft_s_selftest_tick(a->device, a->argument);
}

int selftest_tick(struct selftest_device *device, long fault)
{
	struct arguments a = { .argument = fault };

	if (!fgft_isolated(fgft_entry_selftest_tick, true))
		return fgft_native_selftest_tick(device, fault);
	a.call = fgft_begin(&fgft_entry_selftest_tick);
	a.device = fgft_share(a.call, &device_shape, device);
	switch (fgft_run(a.call, tick_body, &a)) {
	case FGFT_DONE:
		return a.result;
	case FGFT_NATIVE:
		return fgft_native_selftest_tick(device, fault);
	default:
		return -EIO;
	}
}
