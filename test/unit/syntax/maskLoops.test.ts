import { checkMask } from './maskSupport';

const body = (text: string): string => `void f(void) { ${text} }`;
const check = (text: string, expected: string, marks: string[]): void => checkMask(body(text), body(expected), marks);

describe('mask: loop heads', () => {
  it('makes a while of a loop macro and keeps its arguments', () => {
    check('list_for_each_entry(pos, &head, link) { g(pos); }', 'while (pos, &head, link) { g(pos); }', ['loop list_for_each_entry']);
  });

  it('knows a loop by its name before a statement without braces', () => {
    check('for_each_set_bit(i, map, 8) g(i);', 'while (i, map, 8) g(i);', ['loop for_each_set_bit']);
    check('foo_for_each(p) ++n;', 'while (p) ++n;', ['loop foo_for_each']);
    check('list_for_each(p, &head) *q = 0;', 'while (p, &head) *q = 0;', ['loop list_for_each']);
  });

  it('takes any macro before a brace at a statement, and nothing else', () => {
    check('with_lock_held(p) { g(); }', 'while (p) { g(); }', ['loop with_lock_held']);
    check('if (ready(p)) { g(); }', 'if (ready(p)) { g(); }', []);
  });

  it('takes scoped guards and the statement in their arguments', () => {
    check('scoped_guard(mutex, &p->lock) { g(); }', 'while (mutex, &p->lock) { g(); }', ['loop scoped_guard']);
    check('scoped_cond_guard(mutex_intr, return -EINTR, &m) { }', 'while (mutex_intr, -EINTR, &m) { }', [
      'loop scoped_cond_guard',
      'argument return -EINTR',
    ]);
    check('guard(mutex)(&p->lock);', 'guard(mutex)(&p->lock);', []);
  });

  it('does not take a call for a loop because its name holds "for"', () => {
    check('get_vdo_for_target(ti)->x = 1;', 'get_vdo_for_target(ti)->x = 1;', []);
    check('wait_for_it(p);', 'wait_for_it(p);', []);
    check('device_for_each_child(dev, NULL, fn);', 'device_for_each_child(dev, NULL, fn);', []);
  });

  it('masks types among the arguments', () => {
    check('for_each_item(p, struct foo *) { }', 'while (p, foo ) { }', ['loop for_each_item', 'argument struct foo *']);
  });

  it('gives an empty head a condition', () => {
    check('for_each_thing() { }', 'while(0) { }', ['loop for_each_thing()']);
  });

  it('uses `if` for short names and `for` for a head with semicolons', () => {
    check('each(p) { }', 'if (p) { }', ['loop each']);
    check('REPEAT(i = 0; i < 3; i++) { }', 'for (i = 0; i < 3; i++) { }', ['loop REPEAT']);
  });

  it('works behind else, case and a closing parenthesis', () => {
    check('if (a) for_each_x(p) g(p); else for_each_x(p) h(p);', 'if (a) while (p) g(p); else while (p) h(p);', [
      'loop for_each_x',
      'loop for_each_x',
    ]);
  });
});
