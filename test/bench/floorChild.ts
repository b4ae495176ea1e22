/** A process that parses the texts in a JSON file, twice, and prints how long that took. Started by floor.ts. */
import { readFileSync } from 'node:fs';
import { loadAssets } from '../../server/src/engine/assets';
import { createParser } from '../../server/src/syntax/parser';

export interface FloorTimes {
  /** Milliseconds of the first round. */
  cold: number;
  /** The same as processor time of all threads. */
  coldCpu: number;
  /** Milliseconds of the second round, with the parser's code compiled. */
  warm: number;
}

async function main(input: string): Promise<void> {
  const texts = JSON.parse(readFileSync(input, 'utf8')) as string[];
  const { runtimeWasm, grammarWasm } = loadAssets();
  const parser = await createParser(runtimeWasm, grammarWasm);
  const round = (): { wall: number; cpu: number } => {
    const cpu = process.cpuUsage();
    const begun = performance.now();
    for (const text of texts) parser.parse(text).delete();
    const wall = performance.now() - begun;
    const used = process.cpuUsage(cpu);
    return { wall, cpu: (used.user + used.system) / 1000 };
  };
  const first = round();
  const times: FloorTimes = { cold: first.wall, coldCpu: first.cpu, warm: round().wall };
  process.stdout.write(JSON.stringify(times));
}

void main(process.argv[2]);
