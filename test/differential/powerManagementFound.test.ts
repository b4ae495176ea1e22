/** Power management in all its spellings, in drivers drawn at random from Linux 6.12: nearly every table must be found, with its callbacks. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createEngine } from '../../server/src/engine';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { headersFolder } from './layoutsSupport';
import { kernelSource } from './oracleSupport';

interface Expected {
  driver: string;
  declaredBy: string;
  suspend: string | null;
  resume: string | null;
}

/** All of them are found today. */
const LEAST_FOUND = 0.98;

describe('power management of drivers drawn at random', function () {
  this.timeout(300_000);
  const { drivers } = parse(readFileSync(join(repositoryRoot, 'test/differential/powerManagementFound.yaml'), 'utf8')) as {
    drivers: Expected[];
  };

  it('is found, with its callbacks', async function () {
    const source = kernelSource('6.12');
    const kernel = headersFolder('6.12');
    if (!existsSync(join(source, 'Makefile'))) skip(this, `${source} is not unpacked`);
    if (!kernel) skip(this, 'no linux-headers-6.12 package is installed');
    assert.ok(drivers.length >= 60);
    const engine = createEngine({ kernel, workingDirectory: source });
    const missed: string[] = [];
    try {
      for (const { driver, declaredBy, suspend, resume } of drivers) {
        const { report } = await engine.analyze(join(source, driver), { detail: 'brief' });
        const found = report.drivers[0]?.powerManagement;
        const told = found && { declaredBy: found.declaredBy, suspend: found.suspend, resume: found.resume };
        if (!told || told.declaredBy !== declaredBy || told.suspend !== suspend || told.resume !== resume)
          missed.push(`${driver}: ${JSON.stringify(told)}`);
      }
    } finally {
      engine.dispose();
    }
    assert.ok(1 - missed.length / drivers.length >= LEAST_FOUND, missed.join('\n'));
  });
});
