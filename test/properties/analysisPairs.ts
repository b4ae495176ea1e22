/** Pairs of drivers: with a helper, and with the helper's text where it was called. */

const HEAD = `#include <linux/module.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>

struct ring { u32 head, tail, size; };
struct job { struct list_head node; int cost, done; };
struct card { struct ring rx, tx; spinlock_t lock; u32 state, count; struct list_head jobs; struct net_device *dev; };
`;

const TAIL = `
static const struct net_device_ops card_ops = { .ndo_open = card_open };
`;

function open(body: string): string {
  return `static int card_open(struct net_device *dev)\n{\n\tstruct card *card = netdev_priv(dev);\n${body}}\n`;
}

export const PAIRS: readonly { name: string; apart: string; inlined: string }[] = [
  {
    name: 'a write through a pointer parameter',
    apart: `${HEAD}static void clear(struct ring *ring)\n{\n\tring->head = 0;\n\tring->tail = 0;\n}\n${open('\tclear(&card->rx);\n\treturn card->rx.size;\n')}${TAIL}`,
    // `&card->rx` is written in the one and not in the other: taking the address is a use of the member.
    inlined: `${HEAD}${open('\tstruct ring *ring = &card->rx;\n\tring->head = 0;\n\tring->tail = 0;\n\treturn card->rx.size;\n')}${TAIL}`,
  },
  {
    name: 'a returned value and a condition',
    apart: `${HEAD}static int is_up(struct card *card)\n{\n\treturn card->state == 1 && card->dev->mtu;\n}\n${open('\tif (is_up(card))\n\t\tcard->count++;\n\treturn 0;\n')}${TAIL}`,
    inlined: `${HEAD}${open('\tif (card->state == 1 && card->dev->mtu)\n\t\tcard->count++;\n\treturn 0;\n')}${TAIL}`,
  },
  {
    name: 'an early return',
    apart: `${HEAD}static void count(struct card *card)\n{\n\tif (!card->state)\n\t\treturn;\n\tcard->count = 1;\n}\n${open('\tcount(card);\n\tcard->state = 2;\n\treturn 0;\n')}${TAIL}`,
    inlined: `${HEAD}${open('\tif (card->state)\n\t\tcard->count = 1;\n\tcard->state = 2;\n\treturn 0;\n')}${TAIL}`,
  },
  {
    name: 'a list walked elsewhere',
    apart: `${HEAD}static int total(struct card *card)\n{\n\tstruct job *job;\n\tint sum = 0;\n\n\tlist_for_each_entry(job, &card->jobs, node)\n\t\tsum += job->cost;\n\treturn sum;\n}\n${open('\treturn total(card);\n')}${TAIL}`,
    inlined: `${HEAD}${open('\tstruct job *job;\n\tint sum = 0;\n\n\tlist_for_each_entry(job, &card->jobs, node)\n\t\tsum += job->cost;\n\treturn sum;\n')}${TAIL}`,
  },
  {
    name: 'two levels and a lock',
    apart: `${HEAD}static void inner(struct card *card, u32 value)\n{\n\tcard->tx.tail = value;\n}\n\nstatic void outer(struct card *card)\n{\n\tspin_lock(&card->lock);\n\tinner(card, card->rx.head);\n\tspin_unlock(&card->lock);\n}\n${open('\touter(card);\n\treturn 0;\n')}${TAIL}`,
    inlined: `${HEAD}${open('\tspin_lock(&card->lock);\n\tcard->tx.tail = card->rx.head;\n\tspin_unlock(&card->lock);\n\treturn 0;\n')}${TAIL}`,
  },
  {
    name: 'a macro in place of a helper',
    apart: `${HEAD}#define ADVANCE(c) ((c)->rx.head = ((c)->rx.head + 1) % (c)->rx.size)\n${open('\tADVANCE(card);\n\treturn 0;\n')}${TAIL}`,
    inlined: `${HEAD}static void advance(struct card *c)\n{\n\tc->rx.head = (c->rx.head + 1) % c->rx.size;\n}\n${open('\tadvance(card);\n\treturn 0;\n')}${TAIL}`,
  },
];
