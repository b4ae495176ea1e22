// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of objects, copies, publishing and logs. Each test prints nothing if it is content.
 */
#include <stdio.h>

#include "memory.h"

static int failures;

#define EXPECT(condition)								\
	do {										\
		if (!(condition)) {							\
			printf("%s:%d: %s\n", __func__, __LINE__, #condition);	\
			failures++;							\
		}									\
	} while (0)

struct node {
	struct node *next;
	u32 value;
	u32 hidden;
};

struct record {
	u32 in;
	u32 out;
	u32 hidden;
	u32 bits;
	struct node *node;
	void (*function)(void);
	u8 bytes[8];
	u64 blob[4];
	s64 number;
	u32 place;
};

static const struct fgft_limit limit = { .least = -5, .most = 5 };

static const struct fgft_field record_fields[] = {
	FGFT_FIELD(struct record, in, FGFT_READ),
	FGFT_FIELD(struct record, out, FGFT_READ | FGFT_WRITE),
	FGFT_FIELD(struct record, bits, FGFT_READ | FGFT_WRITE | FGFT_BITS),
	FGFT_FIELD(struct record, node, FGFT_READ | FGFT_WRITE | FGFT_POINTER | FGFT_NON_NULL),
	FGFT_FIELD(struct record, function, FGFT_READ | FGFT_WRITE | FGFT_FUNCTION),
	FGFT_FIELD_AT(0, struct record, bytes, FGFT_READ | FGFT_WRITE, 1, NULL),
	FGFT_FIELD(struct record, blob, FGFT_READ | FGFT_WRITE | FGFT_SCAN),
	FGFT_FIELD_AT(0, struct record, number, FGFT_READ | FGFT_WRITE | FGFT_SIGNED, 0, &limit),
	FGFT_FIELD(struct record, place, FGFT_READ | FGFT_PLACE),
};
static const struct fgft_shape record_shape =
	FGFT_SHAPE("struct record", sizeof(struct record), record_fields);

static const struct fgft_field node_fields[] = {
	FGFT_FIELD(struct node, next, FGFT_READ | FGFT_WRITE | FGFT_POINTER),
	FGFT_FIELD(struct node, value, FGFT_READ | FGFT_WRITE),
};
static const struct fgft_shape node_shape =
	FGFT_SHAPE("struct node", sizeof(struct node), node_fields);

#define ADDRESS(pointer)	((unsigned long)(pointer))

static bool may(struct fgft_core *core, const void *at, u32 length, u16 rights)
{
	return fgft_arena_allows(&core->arena, (u32)((u8 *)at - core->arena.base), length, rights);
}

static void test_rights(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct record original = { .in = 1, .out = 2, .hidden = 3 };
	struct record *copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);

	EXPECT(copy && copy != &original && copy->in == 1 && copy->out == 2 && copy->hidden != 3);
	EXPECT(ADDRESS(copy) % 64 == ADDRESS(&original) % 64);
	EXPECT(may(core, &copy->in, 4, FGFT_READ) && !may(core, &copy->in, 4, FGFT_WRITE));
	EXPECT(may(core, &copy->in, 8, FGFT_READ) && !may(core, &copy->in, 12, FGFT_READ));
	EXPECT(may(core, &copy->out, 4, FGFT_READ | FGFT_WRITE));
	EXPECT(!may(core, &copy->hidden, 1, FGFT_READ));
	EXPECT(may(core, copy->bytes, 8, FGFT_WRITE) && !may(core, &copy->hidden, 1, FGFT_WRITE));
	EXPECT(fgft_core_share(core, &record_shape, ADDRESS(&original), 1) == copy &&
	       core->view_count == 1);
	fgft_core_clear(core);
	EXPECT(!may(core, &copy->in, 4, FGFT_READ));
	test_core_free(core);
}

static void test_copy_out(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct record original = {
		.out = 2, .hidden = 3, .bits = 0xf0, .bytes = { 1, 2, 3, 4, 5, 6, 7, 8 }
	};
	struct node node = { .value = 9 };
	struct record *copy;

	original.node = &node;
	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	fgft_core_link(core);
	copy->out = 20;
	copy->hidden = 30;
	copy->bits = 0xf1;
	copy->bytes[3] = 44;
	/* Meanwhile others write: only what the call changed may be overwritten. */
	original.in = 100;
	original.bits = 0x1f0;
	original.bytes[4] = 55;
	original.place = 7;
	EXPECT(fgft_validate(core));
	fgft_copy_out(core);
	EXPECT(original.out == 20 && original.hidden == 3 && original.in == 100);
	EXPECT(original.bits == 0x1f1);
	EXPECT(original.bytes[3] == 44 && original.bytes[4] == 55);
	EXPECT(original.place == 7 && original.node == &node);
	test_core_free(core);
}

static void test_pointers(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct node second = { .value = 2 }, first = { .next = &second, .value = 1 },
		    third = { .value = 3 };
	struct record original = { .node = &first }, *copy;
	struct node *first_copy, *second_copy;

	/* In an order in which no pointer leads to a known copy yet. */
	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	first_copy = fgft_core_share(core, &node_shape, ADDRESS(&first), 1);
	second_copy = fgft_core_share(core, &node_shape, ADDRESS(&second), 1);
	fgft_core_link(core);
	EXPECT(copy->node == first_copy && first_copy->next == second_copy && !second_copy->next);
	EXPECT(fgft_core_original(core, ADDRESS(&second_copy->value)) == ADDRESS(&second.value));
	EXPECT(fgft_core_copy(core, ADDRESS(&second.value)) == ADDRESS(&second_copy->value));
	EXPECT(fgft_core_original(core, ADDRESS(&third)) == ADDRESS(&third));
	EXPECT(!fgft_object_of_copy(core, ADDRESS(second_copy) + sizeof(third)));
	/* The list is reversed, and an address goes where nobody said that there is one. */
	copy->node = second_copy;
	second_copy->next = first_copy;
	first_copy->next = NULL;
	copy->blob[1] = ADDRESS(first_copy);
	EXPECT(fgft_validate(core));
	fgft_copy_out(core);
	EXPECT(original.node == &second && second.next == &first && !first.next);
	EXPECT(original.blob[1] == ADDRESS(&first));
	test_core_free(core);
}

static void native(void)
{
}

static void suspect(void)
{
}

static void test_functions(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	const struct fgft_route routes[] = { { ADDRESS(native), ADDRESS(suspect) } };
	struct record original = { .function = native }, *copy;

	core->routes = routes;
	core->route_count = 1;
	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	fgft_core_link(core);
	EXPECT(copy->function == suspect);
	fgft_copy_out(core);
	EXPECT(original.function == native);
	original.function = NULL;
	fgft_core_refresh(core);
	EXPECT(!copy->function);
	copy->function = suspect;
	fgft_copy_out(core);
	EXPECT(original.function == native);
	test_core_free(core);
}

static void test_validate(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct node node = { .value = 1 };
	struct record original = { .node = &node, .number = 100 }, *copy;
	struct fgft_object *fresh;

	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	/* What the kernel put there is not the call's fault. */
	EXPECT(fgft_validate(core));
	copy->number = -5;
	EXPECT(fgft_validate(core));
	copy->number = -6;
	EXPECT(!fgft_validate(core) && !strcmp(core->bad_field->name, "number") &&
	       core->bad_shape == &record_shape);
	copy->number = 100;
	copy->node = NULL;
	EXPECT(!fgft_validate(core) && !strcmp(core->bad_field->name, "node"));
	fresh = fgft_object_add(core, 0, 16, "fresh");
	copy->node = (struct node *)fresh->copy;
	EXPECT(!fgft_validate(core));
	/* Addresses near zero are not those of objects without an original. */
	EXPECT(fgft_core_copy(core, 8) == 8);
	test_core_free(core);
}

struct counted {
	u32 room;
	u32 count;
	u8 *bytes;
};

static bool counted_check(struct fgft_core *core, const void *copy, const void *original)
{
	const struct counted *now = copy, *before = original;

	return now->count <= before->room;
}

/* Members that must agree are asked when one of them has changed, and only then. */
static void test_relations(void)
{
	static const struct fgft_field fields[] = {
		FGFT_FIELD(struct counted, count, FGFT_READ | FGFT_WRITE),
	};
	static const struct fgft_shape shape = { .name = "struct counted",
						 .size = sizeof(struct counted),
						 .field_count = ARRAY_SIZE(fields),
						 .fields = fields,
						 .check = counted_check };
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct counted originals[2] = { { .room = 4, .count = 9 }, { .room = 4, .count = 1 } };
	struct counted *copies = fgft_core_share(core, &shape, ADDRESS(originals), 2);

	EXPECT(fgft_validate(core) || !"nothing was changed");
	copies[1].count = 5;
	EXPECT(!fgft_validate(core) && core->bad_shape == &shape && core->bad_field->name);
	originals[0].count = copies[0].count = 3;
	copies[1].count = 4;
	EXPECT(fgft_validate(core));
	test_core_free(core);
}

/* What is stored where it is used has limits, too, once the call has stored it. */
static void test_limited_stores(void)
{
	static const struct fgft_limit small = { .least = 0, .most = 3 };
	static const struct fgft_field number = { .length = 4, .limit = &small, .name = "number" },
				       pointer = { .length = 8,
						   .flags = FGFT_NON_NULL,
						   .name = "pointer" };
	struct fgft_core *core = test_core(4096, 8, 8, 32);
	u32 value[2] = { 77, 1 };
	void *held = NULL;

	EXPECT(!fgft_ranges_add(&core->ranges, ADDRESS(value), 8, FGFT_READ | FGFT_WRITE));
	EXPECT(!fgft_ranges_add(&core->ranges, ADDRESS(value), 4, FGFT_WRITE));
	core->ranges.ranges[core->ranges.recent].field = &number;
	EXPECT(!fgft_ranges_add(&core->ranges, ADDRESS(&held), 8, FGFT_WRITE));
	core->ranges.ranges[core->ranges.recent].field = &pointer;
	core->limited = 2;
	EXPECT(fgft_validate(core) || !"the call stored nothing");
	EXPECT(!fgft_undo_store(core, ADDRESS(&value[1]), 4));
	EXPECT(fgft_validate(core) || !"a neighbour has no limits");
	EXPECT(!fgft_undo_store(core, ADDRESS(value), 4));
	EXPECT(!fgft_validate(core) && core->bad_field == &number);
	value[0] = 3;
	EXPECT(fgft_validate(core));
	EXPECT(!fgft_undo_store(core, ADDRESS(&held), 8));
	EXPECT(!fgft_validate(core) && core->bad_field == &pointer);
	held = value;
	EXPECT(fgft_validate(core));
	fgft_core_clear(core);
	EXPECT(!core->limited);
	test_core_free(core);
}

static void test_refresh(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct record original = { .in = 1, .out = 2, .bits = 4, .bytes = { 1, 1, 1 } }, *copy;
	u8 buffer[100] = { 1, 2, 3 }, *bytes;

	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	bytes = fgft_core_share_bytes(core, ADDRESS(buffer), sizeof(buffer), FGFT_READ, "buffer");
	copy->out = 20;
	copy->bits |= 1;
	copy->bytes[0] = 9;
	original.in = 10;
	original.out = 200;
	original.bits = 6;
	original.bytes[0] = 7;
	original.bytes[1] = 8;
	original.place = 5;
	buffer[50] = 50;
	fgft_core_refresh(core);
	EXPECT(copy->in == 10 && copy->out == 20 && copy->bits == 7 && copy->place == 5);
	EXPECT(copy->bytes[0] == 9 && copy->bytes[1] == 8 && bytes[50] == 50);
	fgft_copy_out(core);
	EXPECT(original.out == 20 && original.bits == 7 && original.bytes[0] == 9 &&
	       original.bytes[1] == 8);
	test_core_free(core);
}

static void test_publish(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 32);
	struct record original = { .out = 2, .bits = 4, .bytes = { 1 }, .blob = { 5, 6 } }, *copy;

	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	copy->out = 20;
	copy->bits = 5;
	copy->bytes[0] = 10;
	copy->blob[1] = 60;
	EXPECT(!fgft_core_publish(core));
	EXPECT(original.out == 20 && original.bits == 5 && original.bytes[0] == 10 &&
	       original.blob[1] == 60);
	EXPECT(core->undo.count == 4);
	copy->out = 21;
	EXPECT(!fgft_core_publish(core) && core->undo.count == 5 && original.out == 21);
	/* Somebody else writes one of them: that stays, the others are taken back. */
	original.bits = 8;
	fgft_log_backwards(&core->undo, NULL);
	EXPECT(original.out == 2 && original.bits == 8 && original.bytes[0] == 1 &&
	       original.blob[1] == 6);
	test_core_free(core);
}

/* A record that travels as a whole: others write to it, too, before and after the call does. */
static void test_shared_words(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 32);
	struct record original = { .blob = { 1, 2, 3, 4 } }, *copy;

	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	((u32 *)copy->blob)[2] = 20;
	copy->blob[3] = ADDRESS(copy);
	((u32 *)original.blob)[3] = 7;
	original.blob[0] = 10;
	EXPECT(!fgft_core_publish(core));
	EXPECT(original.blob[0] == 10 && original.blob[1] == (7ULL << 32 | 20));
	EXPECT(original.blob[3] == ADDRESS(&original) && core->undo.count == 2);
	/* What was published is no change any more, a pointer to a copy neither. */
	EXPECT(!fgft_core_publish(core) && core->undo.count == 2);
	original.blob[2] = 30;
	fgft_core_refresh(core);
	EXPECT(copy->blob[0] == 10 && copy->blob[1] == original.blob[1] && copy->blob[2] == 30);
	EXPECT(copy->blob[3] == ADDRESS(copy));
	((u32 *)copy->blob)[0] = 11;
	((u16 *)original.blob)[2] = 9;
	fgft_core_refresh(core);
	EXPECT(copy->blob[0] == (9ULL << 32 | 11));
	((u32 *)original.blob)[5] = 8;
	fgft_copy_out(core);
	EXPECT(original.blob[0] == (9ULL << 32 | 11) && original.blob[2] == (8ULL << 32 | 30));
	fgft_log_backwards(&core->undo, NULL);
	EXPECT(original.blob[1] == (7ULL << 32 | 2) && original.blob[3] == 4);
	test_core_free(core);
}

static void test_publish_without_room(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 1);
	struct record original = { .out = 2, .bytes = { 1 } }, *copy;

	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	copy->out = 20;
	copy->bytes[0] = 10;
	EXPECT(fgft_core_publish(core) == -ENOSPC);
	fgft_log_backwards(&core->undo, NULL);
	EXPECT(original.out == 2 && original.bytes[0] == 1);
	test_core_free(core);
}

static void test_overlaps(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct node nodes[4] = { { .value = 1 }, { .value = 2 }, { .value = 3 }, { .value = 4 } },
		    *copies, *inner;

	copies = fgft_core_share(core, &node_shape, ADDRESS(&nodes[1]), 2);
	EXPECT(copies && copies[0].value == 2 && copies[1].value == 3);
	inner = fgft_core_share(core, &node_shape, ADDRESS(&nodes[2]), 1);
	EXPECT(inner == &copies[1] && core->object_count == 1);
	EXPECT(!fgft_core_share(core, &node_shape, ADDRESS(&nodes[0]), 4) &&
	       core->error == -EOVERFLOW);
	fgft_core_clear(core);
	EXPECT(fgft_core_share(core, &node_shape, ADDRESS(&nodes[1]), 2));
	EXPECT(fgft_object_is_around(core, ADDRESS(&nodes[0]), 2 * sizeof(nodes[0])));
	EXPECT(!fgft_object_is_around(core, ADDRESS(&nodes[0]), sizeof(nodes[0])));
	EXPECT(!fgft_object_is_around(core, ADDRESS(&nodes[1]), 3 * sizeof(nodes[0])));
	EXPECT(!fgft_core_share(core, &node_shape, ADDRESS(&nodes[2]), 2) &&
	       core->error == -EOVERFLOW);
	test_core_free(core);
}

static void test_full(void)
{
	struct fgft_core *core = test_core(1024, 2, 8, 2);
	struct node nodes[3] = { { .value = 1 } };
	struct record original = { .in = 1 };

	EXPECT(fgft_core_share(core, &node_shape, ADDRESS(&nodes[0]), 1));
	EXPECT(fgft_core_share(core, &node_shape, ADDRESS(&nodes[1]), 1));
	EXPECT(!fgft_core_share(core, &node_shape, ADDRESS(&nodes[2]), 1) &&
	       core->error == -ENOSPC);
	/* The first failure stays. */
	EXPECT(!fgft_core_share(core, &node_shape, ADDRESS(&nodes[0]), 1) &&
	       core->error == -ENOSPC);
	fgft_core_clear(core);
	EXPECT(!fgft_core_share(core, &record_shape, ADDRESS(&original), 100) &&
	       core->error == -ENOSPC);
	EXPECT(!fgft_log_add(&core->undo, NULL, 0, 0, 0) && fgft_log_has_room(&core->undo, 1));
	EXPECT(!fgft_log_add(&core->undo, NULL, 0, 0, 0) && !fgft_log_has_room(&core->undo, 1));
	EXPECT(fgft_log_add(&core->undo, NULL, 0, 0, 0) == -ENOSPC);
	test_core_free(core);
}

static void test_reserve(void)
{
	struct fgft_core *core = test_core(1024, 2, 2, 2);
	struct fgft_effect *own = core->undo.effects;
	u8 ring[8000];
	u32 i;

	reserve_left = 2;
	memset(ring, 7, sizeof(ring));
	for (i = 0; i < sizeof(ring); i += 8)
		EXPECT(!fgft_undo_store(core, ADDRESS(&ring[i]), 8));
	for (i = 0; i < 1000; i++)
		EXPECT(!fgft_ranges_add(&core->ranges, ADDRESS(&ring[8 * i]), 4, FGFT_READ));
	EXPECT(!reserve_left && core->undo.effects != own && core->undo.count == 1000);
	EXPECT(fgft_ranges_allow(&core->ranges, ADDRESS(&ring[7992]), 4, FGFT_READ));
	EXPECT(!fgft_ranges_allow(&core->ranges, ADDRESS(&ring[7992]), 5, FGFT_READ));
	/* Each table has one piece; what does not fit into that is too much. */
	EXPECT(fgft_undo_store(core, ADDRESS(&ring[1]), FGFT_RESERVE_BYTES) == -ENOSPC);
	memset(ring, 0, sizeof(ring));
	fgft_log_backwards(&core->undo, NULL);
	for (i = 0; i < sizeof(ring); i++)
		EXPECT(ring[i] == 7);
	fgft_core_clear(core);
	EXPECT(reserve_left == 2 && core->undo.effects == own && core->undo.capacity == 2);
	EXPECT(core->ranges.capacity == 2);
	reserve_left = 0;
	test_core_free(core);
}

static unsigned long order;

static void note(struct fgft_call *call, unsigned long a, unsigned long b, unsigned long c)
{
	order = order * 10 + a + b + c;
}

static void test_logs(void)
{
	struct fgft_core *core = test_core(1024, 2, 8, 8);
	u8 memory[24] = "the quick brown fox";
	unsigned long i;

	for (i = 1; i <= 3; i++) {
		fgft_log_add(&core->undo, note, i, 0, 0);
		fgft_log_add(&core->deferred, note, 0, i, 0);
	}
	fgft_log_backwards(&core->undo, NULL);
	EXPECT(order == 321 && !core->undo.count);
	fgft_log_forwards(&core->deferred, NULL);
	EXPECT(order == 321123);
	for (i = 4; i <= 6; i++)
		fgft_log_add(&core->undo, note, i, 0, 0);
	fgft_log_cancel(&core->undo, 5);
	fgft_log_backwards(&core->undo, NULL);
	EXPECT(order == 32112364);
	EXPECT(!fgft_undo_store(core, ADDRESS(memory + 4), 11));
	EXPECT(core->undo.count == 2);
	memcpy(memory + 4, "XXXXXXXXXXX", 11);
	EXPECT(!fgft_undo_store(core, ADDRESS(memory + 4), 11) && core->undo.count == 2);
	fgft_log_backwards(&core->undo, NULL);
	EXPECT(!strcmp((char *)memory, "the quick brown fox"));
	test_core_free(core);
}

static void test_stores_in_place(void)
{
	struct fgft_core *core = test_core(1024, 2, 8, 8);
	struct node node = { .value = 1 }, *copy;
	void *slots[2] = { NULL, (void *)77 };

	copy = fgft_core_share(core, &node_shape, ADDRESS(&node), 1);
	EXPECT(!fgft_undo_store(core, ADDRESS(&slots[0]), 8));
	fgft_lend(core, ADDRESS(&slots[0]), 8, true);
	slots[0] = copy;
	/* The check for the next access comes, and the one behind that. */
	fgft_lent_later(core);
	EXPECT(core->has_lent && slots[0] == copy);
	fgft_lent_later(core);
	EXPECT(!core->has_lent && slots[0] == &node && slots[1] == (void *)77);
	/* A load finds the copy, and nobody else does once others look. */
	fgft_lend(core, ADDRESS(&slots[0]), 16, false);
	EXPECT(slots[0] == copy && slots[1] == (void *)77);
	fgft_settle(core);
	EXPECT(!core->has_lent && slots[0] == &node);
	/* What leads to no copy is not lent. */
	fgft_lend(core, ADDRESS(&slots[1]), 8, false);
	EXPECT(!core->has_lent);
	fgft_log_backwards(&core->undo, NULL);
	EXPECT(!slots[0]);
	test_core_free(core);
}

static void test_places(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct record original = { .place = 3 }, *copy;
	const struct fgft_shape *shape;
	unsigned long at;

	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	EXPECT(fgft_place_original(core, ADDRESS(&copy->place), 4, &at) &&
	       at == ADDRESS(&original.place));
	EXPECT(!fgft_place_original(core, ADDRESS(&copy->place), 8, &at));
	EXPECT(!fgft_place_original(core, ADDRESS(&copy->out), 4, &at));
	EXPECT(!strcmp(fgft_field_at(core, ADDRESS(&copy->bytes[5]), &shape)->name, "bytes") &&
	       shape == &record_shape);
	EXPECT(!fgft_field_at(core, ADDRESS(&copy->hidden), &shape) && shape == &record_shape);
	fgft_object_of_copy(core, ADDRESS(copy))->dead = true;
	EXPECT(!fgft_place_original(core, ADDRESS(&copy->place), 4, &at));
	copy->out = 9;
	fgft_copy_out(core);
	EXPECT(original.out == 0);
	test_core_free(core);
}

static void test_late(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	struct fgft_shape lenient = record_shape;
	struct record original = { .in = 1, .hidden = 33 }, *copy;

	copy = fgft_core_share(core, &record_shape, ADDRESS(&original), 1);
	EXPECT(!fgft_core_late(core, ADDRESS(&copy->hidden), 4));
	fgft_core_clear(core);
	lenient.lenient = true;
	copy = fgft_core_share(core, &lenient, ADDRESS(&original), 1);
	copy->out = 5;
	EXPECT(fgft_core_late(core, ADDRESS(&copy->hidden), 4));
	EXPECT(copy->hidden == 33 && copy->out == 5);
	EXPECT(may(core, &copy->hidden, 4, FGFT_READ) && !may(core, &copy->hidden, 4, FGFT_WRITE));
	EXPECT(!fgft_core_late(core, ADDRESS(copy) + sizeof(*copy) - 4, 8));
	test_core_free(core);
}

static void test_bytes(void)
{
	struct fgft_core *core = test_core(4096, 8, 8, 8);
	u8 buffer[200], *copy;
	u32 i;

	for (i = 0; i < sizeof(buffer); i++)
		buffer[i] = (u8)i;
	copy = fgft_core_share_bytes(core, ADDRESS(buffer), sizeof(buffer), FGFT_READ | FGFT_WRITE,
				     "buffer");
	EXPECT(!memcmp(copy, buffer, sizeof(buffer)) && may(core, copy, 200, FGFT_WRITE) &&
	       !may(core, copy, 201, FGFT_READ));
	copy[100] = 0;
	buffer[101] = 0;
	fgft_copy_out(core);
	EXPECT(buffer[100] == 0 && buffer[101] == 0 && buffer[102] == 102);
	test_core_free(core);
}

int main(void)
{
	int reason;

	test_rights();
	test_copy_out();
	test_pointers();
	test_functions();
	test_validate();
	test_relations();
	test_limited_stores();
	test_refresh();
	test_publish();
	test_shared_words();
	test_publish_without_room();
	test_overlaps();
	test_full();
	test_reserve();
	test_logs();
	test_stores_in_place();
	test_places();
	test_late();
	test_bytes();
	for (reason = 0; reason < FGFT_REASONS; reason++)
		EXPECT(fgft_reason_text(reason) && *fgft_reason_text(reason));
	printf(failures ? "FAILED: %d\n" : "all expectations hold\n", failures);
	return failures != 0;
}
