/** What the lowering of single functions leaves: seen through reports, since the form in between is nobody's promise. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../../server/src/engine';
import { miniKernel } from '../../fixtures/support/fixtures';

const HEAD = `#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/lockdep.h>
#define IF_TYPE(x, type, expression, other) __builtin_choose_expr( \\
	__builtin_types_compatible_p(typeof(x), type) || __builtin_types_compatible_p(typeof(x), const type), \\
	({ type __x = (type)(x); expression; }), other)
#define CHOOSE(x) IF_TYPE(x, struct inner *, __x, IF_TYPE(x, struct card *, &__x->in, (void)0))
struct inner { int x, y; };
struct card { int a, b, c, d[4]; struct inner in, *to; int (*call)(struct card *card); union { int u; char v; }; unsigned bits : 3; };
`;
const TAIL = '\nstatic const struct net_device_ops ops = { .ndo_open = open };\n';

/** Body of a function with `struct card *c` and `int i`, and the fields that it touches. */
const BODIES: [body: string, fields: string][] = [
  ['return c->a ? c->b : c->c;', 'R:card.a R:card.b R:card.c'],
  ['return c->a ?: c->b;', 'R:card.a R:card.b'],
  ['c->a = i; return c->a++ + --c->b;', 'RW:card.a RW:card.b'],
  [
    'switch (c->a) { case 1: c->b = 1; fallthrough; case 2 ... 4: c->c = 2; break; default: return c->d[0]; } return 0;',
    'R:card.a R:card.d W:card.b W:card.c',
  ],
  ['while (c->a--) if (c->b) continue; else break; return 0;', 'R:card.b RW:card.a'],
  ['do { c->a = 1; } while (c->b); return 0;', 'R:card.b W:card.a'],
  ['for (i = c->a; i < c->b; i += c->c) ; return 0;', 'R:card.a R:card.b R:card.c'],
  ['goto out; c->a = 1; out: return c->b;', 'R:card.b'],
  ['return 0; c->a = 1; }\nstatic int other(struct card *c) { return c->b;', ''],
  ['if (0) c->a = 1; if (1) c->b = 2; else c->c = 3; return 0;', 'W:card.b'],
  ['while (1) { c->a = 1; } return c->b;', 'W:card.a'],
  ['return sizeof(c->a) + sizeof c->b + __builtin_offsetof(struct card, c);', ''],
  ['return ({ int t = c->a; t + c->b; });', 'R:card.a R:card.b'],
  ['struct card *d = &*c; return (*d).a + d[0].b + (&d->in)->x;', 'R:card.a R:card.b R:inner.x'],
  ['int *p = &c->a; *p = 1; return 0;', 'W:card.a'],
  ['int *p = c->d; p[1] = 2; return *p;', 'RW:card.d'],
  ['c->in = (struct inner){ .x = c->a, c->b }; return 0;', 'R:card.a R:card.b W:card.in'],
  ['*c->to = c->in; return 0;', 'R:card.in R:card.to W:inner.*'],
  ['return c->call ? c->call(c) : 0;', 'R:card.call'],
  ['c->u = 1; return c->v + c->bits;', 'R:card.bits R:card.v W:card.u'],
  ['return (c->a, c->b);', 'R:card.a R:card.b'],
  ['return !c->a && ~c->b || -c->c;', 'R:card.a R:card.b R:card.c'],
  ['__auto_type t = &c->in; return t->y;', 'A:card.in R:inner.y'],
  ['typeof(c->to) t = c->to; return t->y;', 'R:card.to R:inner.y'],
  ['int n[2] = { [1] = c->a, }; return n[0];', 'R:card.a'],
  ['asm volatile("nop" : "=r"(c->a) : "r"(c->b)); return 0;', 'R:card.b W:card.a'],
  ['void *v = c; return ((struct card *)v)->a;', 'R:card.a'],
  ['unsigned long v = (unsigned long)c; return ((struct card *)v)->a;', 'R:card.a'],
  ['struct card *d = i ? c : 0; return d->a;', 'R:card.a'],
  ['return _Generic(c->to, const struct inner *: (const struct inner *)c->to, struct inner *: c->to)->y;', 'R:card.to R:inner.y'],
  ['int inner(void) { return c->a; } return c->b;', 'R:card.b'],
  ['guard(mutex)(&c->in); return c->a;', 'A:card.in R:card.a'],
  ['mutex_init(&c->in); return 0;', 'W:card.in'],
  ['SET_NETDEV_DEV(dev, 0); return 0;', 'W:device.parent'],
  ['for_each_set_bit(i, c->d, 4) c->a = 1; return 0;', 'R:card.d W:card.a'],
  ['for_each_set_bit(i, c->d, 4) ({ c->a = 1; }); return 0;', 'R:card.d W:card.a'],
  ['if (!c->b) {} else ({ c->a = 1; }); return 0;', 'R:card.b W:card.a'],
  // Without lockdep nothing of the argument is there, not even the member.
  ['lock_take(&c->map, c->a); lock_take_nested(&c->in.map, 0); return c->b;', 'R:card.b'],
  // The path of a member is no access; its indices are.
  ['member_set(c->to, struct card, d[c->a].nothing, c->b); return 0;', 'R:card.a R:card.b R:card.to'],
  ['return CHOOSE(c)->x;', 'R:inner.x'],
  ['struct inner *to = c->to; return CHOOSE(to)->x;', 'R:card.to R:inner.x'],
  ['const struct card *k = c; return CHOOSE(k)->y;', 'R:inner.y'],
];

describe('ir: lowering', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-lowering-'));
  let engine: Engine;
  before(() => {
    engine = createEngine({ kernel: miniKernel, workingDirectory: folder });
  });
  after(() => {
    engine.dispose();
    rmSync(folder, { recursive: true });
  });

  for (const [body, fields] of BODIES) {
    it(body.replace(/\n/g, ' '), async () => {
      const path = join(folder, 'body.c');
      engine.openDocument(
        path,
        `${HEAD}static int open(struct net_device *dev)\n{\n\tstruct card *c = netdev_priv(dev);\n\tint i = 0;\n\t${body}\n}\n${TAIL}`,
        1,
      );
      const { report, problems } = await engine.analyze(path);
      assert.deepEqual(problems, []);
      const [entry] = report.drivers[0].entryPoints;
      assert.equal([...new Set(entry.fields.map((f) => `${f.access}:${f.record}.${f.field}`))].sort().join(' '), fields);
    });
  }
});
