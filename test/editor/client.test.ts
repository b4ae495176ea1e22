/** The parts of the client that know nothing of the editor. */
import assert from 'node:assert/strict';
import { bytes, driverDescription, duration, entryPointDescription, entryPointTooltip, ordered } from '../../client/src/entryPointOrder';
import { memoryText } from '../../client/src/memoryText';
import { messagePage, withContentSecurityPolicy } from '../../client/src/reportPage';
import { forEditor } from '../../client/src/reportScript';
import { statusFor, statusText } from '../../client/src/statusText';
import type { EntryPointNode, StatusParams } from '../../server/src/lsp/protocol';

const node = (name: string, more: Partial<EntryPointNode> = {}): EntryPointNode => ({
  name,
  uri: 'file:///driver.c',
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
  registration: 'net_device_ops.ndo_open',
  registrations: ['net_device_ops.ndo_open'],
  context: 'process',
  suspect: false,
  isolatable: true,
  isolated: false,
  fields: 2,
  unknownSizes: 0,
  bytesIn: 8,
  bytesOut: 4,
  kernelCalls: 3,
  estimatedNanoseconds: 500,
  findings: 0,
  worst: null,
  ...more,
});

const status = (more: Partial<StatusParams> = {}): StatusParams => ({
  state: 'ready',
  uri: 'file:///driver.c',
  files: ['file:///driver.c', 'file:///driver.h'],
  drivers: ['driver'],
  kernel: { root: '/usr/src/linux', release: '6.1.2', configuration: 'auto.conf' },
  entryPoints: 3,
  suspects: 0,
  functions: 9,
  partialFunctions: 0,
  findings: 1,
  hiddenFindings: 0,
  milliseconds: 12,
  problems: [],
  ...more,
});

describe('the order of entry points', () => {
  const nodes = [
    node('c', { estimatedNanoseconds: 10, findings: 3, worst: 'information' }),
    node('a', { estimatedNanoseconds: 30, findings: 1, worst: 'warning' }),
    node('b', { estimatedNanoseconds: 30, isolatable: false }),
  ];
  const names = (order: 'name' | 'cost' | 'risk') => ordered(nodes, order).map(({ name }) => name);

  it('is by name', () => assert.deepEqual(names('name'), ['a', 'b', 'c']));
  it('is by cost, the dearest first, then by name', () => assert.deepEqual(names('cost'), ['a', 'b', 'c']));
  it('is by risk: not isolatable, then the worst finding', () => assert.deepEqual(names('risk'), ['b', 'a', 'c']));
  it('leaves the list as it was', () =>
    assert.deepEqual(
      nodes.map(({ name }) => name),
      ['c', 'a', 'b'],
    ));
});

describe('what the tree says', () => {
  it('rounds an estimate', () => assert.deepEqual([499.6, 1400, 15_400, 2_140_000].map(duration), ['500 ns', '1.4 µs', '15 µs', '2.1 ms']));

  it('calls a sum with unknown sizes a lower bound', () => {
    assert.equal(bytes(8, 0), '8 B');
    assert.equal(bytes(8, 1), 'at least 8 B');
  });

  it('puts first what the order is about', () => {
    const risky = node('a', { findings: 1, worst: 'warning' });
    assert.equal(entryPointDescription(risky, 'name'), 'net_device_ops.ndo_open');
    assert.equal(entryPointDescription(risky, 'cost'), '≈500 ns · net_device_ops.ndo_open');
    assert.equal(entryPointDescription(risky, 'risk'), '1 finding · net_device_ops.ndo_open');
  });

  it('counts suspects', () => {
    const driver = {
      name: 'd',
      uri: '',
      kernelRelease: '6.1.2',
      checkpoint: 'missing',
      saved: [],
      notRestored: [],
      partialFunctions: 0,
      entryPoints: [node('a', { suspect: true })],
    };
    assert.equal(driverDescription(driver), '1 entry point · 1 suspect · Linux 6.1.2');
  });

  it('says in the tooltip what stands in the way', () => {
    assert.match(entryPointTooltip(node('a', { isolatable: false })), /cannot be isolated as it is/);
  });
});

describe('the status item', () => {
  it('names what was analysed and the kernel', () => {
    assert.deepEqual(statusText(status(), true), {
      text: 'driver: 3 entry points',
      detail: 'Linux 6.1.2, auto.conf',
      severity: 'information',
      busy: false,
    });
  });

  it('is that of the newest analysis of the module, for each of its files and for no other', () => {
    const other = status({ uri: 'file:///other.c', files: ['file:///other.c', 'file:///driver.h'], drivers: ['other'] });
    const statuses = [status(), other];
    assert.deepEqual(
      ['driver.c', 'driver.h', 'other.c', 'third.c'].map((file) => statusFor(`file:///${file}`, statuses)?.drivers[0]),
      ['driver', 'other', 'other', undefined],
    );
    const begun = status({ state: 'analysing', files: [] });
    assert.equal(statusFor('file:///driver.c', [...statuses, begun])?.state, 'analysing');
  });

  it('hides neither what is partial nor what settings hide', () => {
    const { detail, severity } = statusText(status({ partialFunctions: 2, hiddenFindings: 4 }), true);
    assert.equal(detail, 'Linux 6.1.2, auto.conf, 2 of 9 functions partial, 4 findings hidden');
    assert.equal(severity, 'warning');
  });

  it('warns without a kernel, says why an analysis failed, and when the server is gone', () => {
    assert.equal(statusText(status({ kernel: null }), true).severity, 'warning');
    const problem = { kind: 'unreadable', path: 'x', message: 'x cannot be read.', suggestions: [] } as const;
    assert.equal(statusText(status({ state: 'failed', problems: [{ ...problem, suggestions: [] }] }), true).detail, 'x cannot be read.');
    assert.equal(statusText(undefined, false).severity, 'error');
    assert.ok(statusText(status({ state: 'analysing' }), true).busy);
  });
});

describe('the report page in a webview', () => {
  const page = `<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'"><title>t</title></head>
<body><script type="application/json" id="data">{}</script><script>run()</script></body></html>`;

  it('runs its own scripts and nothing from the network', () => {
    const html = withContentSecurityPolicy(page, 'abc');
    assert.equal(html.match(/Content-Security-Policy/g)?.length, 1);
    assert.match(html, /default-src 'none'/);
    assert.match(html, /script-src 'nonce-abc'"/);
    assert.equal(html.match(/<script nonce="abc"/g)?.length, 2);
    assert.doesNotMatch(html, /https?:|script-src[^;]*unsafe/);
  });

  it('cannot be broken out of by a name', () => {
    const html = forEditor(page, { uri: 'file:///a</script><script>evil()' }, '</script>');
    assert.equal(html.match(/<\/script>/g)?.length, 3);
    assert.match(messagePage('<b>'), /&#60;b&#62;/);
  });
});

it('memory usage is lines of text', () => {
  const usage = {
    server: { heapBytes: 1024 * 1024, residentBytes: 3 * 1024 * 1024 },
    engines: [{ liveTrees: 1, cachedFiles: 2, heapBytes: 0, residentBytes: 0 }],
    openDocuments: 1,
    analyses: 1,
  };
  assert.match(memoryText(usage), /Language server\n\s+heap\s+1\.0 MiB\n[^]*syntax trees\s+1\n/);
});
