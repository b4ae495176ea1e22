import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type IsolateAnswer, isolateModules } from '../../../server/src/engine';
import { repositoryRoot } from '../../support/repository';

const driver = join(repositoryRoot, 'test/fixtures/isolate/ports/ports.c');
const options = { kernel: join(repositoryRoot, 'test/fixtures/minikernel'), workingDirectory: repositoryRoot };

describe('codegen: registers and variables reached in ways around', () => {
  let answer: IsolateAnswer;

  before(async () => {
    answer = await isolateModules(driver, null, options);
  });

  const entry = (name: string) => answer.modules[0].plan.entries.find((e) => e.name === name)!;

  it('follows a port through a local, a function pointer and a parameter', () => {
    const ports = entry('ports_set_wol').io.filter((io) => io.kind === 'ports');
    assert.deepEqual(
      ports.map(({ text, read, written }) => ({ text, read, written })),
      [{ text: 'first', read: true, written: false }],
    );
  });

  it('knows device memory that only a kernel function touches', () => {
    const memory = entry('ports_set_wol').io.filter((io) => io.kind === 'memory');
    assert.deepEqual(
      memory.map((io) => io.pointer.kind === 'held' && io.pointer.members),
      [[{ member: 'window' }]],
    );
  });

  it('lets the call take a lock of the driver whose address alone is used', () => {
    const lock = entry('ports_set_wol').globals.find((g) => g.name === 'ports_mutex');
    assert.equal(lock?.written, true);
  });

  it('tells the gate which argument has the size of new memory', () => {
    const list = answer.modules[0].files.find((f) => f.path === 'fgft_functions.list')?.text ?? '';
    const flags = Number(/^dma_alloc_attrs (\d+)/m.exec(list)?.[1]);
    assert.equal(flags & 0x80, 0x80);
    assert.equal((flags >> 8) & 7, 1);
    // What synchronizes without sleeping is no wait: drivers unmap memory under their locks.
    assert.equal(Number(/^dma_unmap_page_attrs (\d+)/m.exec(list)?.[1] ?? 0) & 0x02, 0);
    assert.equal(Number(/^napi_disable (\d+)/m.exec(list)?.[1]) & 0x02, 0x02);
  });

  it('tells the gate what takes back or puts off what happens to memory', () => {
    const list = answer.modules[0].files.find((f) => f.path === 'fgft_functions.list')?.text ?? '';
    const row = (name: string): string[] => new RegExp(`^${name} (.*)$`, 'm').exec(list)?.[1].split(' ') ?? [];
    // A packet goes without the memory that it was built around: the second argument is a number, 1.
    assert.deepEqual(row('napi_build_skb').slice(1), ['kfree_skb_partial', `255,${0x80 | 1},0,0`]);
    assert.deepEqual(row('__get_free_pages').slice(1), ['free_pages', '255,1,0,0']);
    assert.equal(Number(row('page_frag_free')[0]) & 0x08, 0x08);
  });

  it('fails with a pointer that the caller can follow, where the kernel does not test it', () => {
    assert.deepEqual(entry('ports_get_stats').result, { kind: 'pointer', error: '&dev->stats' });
  });
});
