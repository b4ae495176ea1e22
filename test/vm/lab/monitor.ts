/** QEMU's machine protocol, for the little that the laboratory asks of it. */
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export class Monitor {
  constructor(private readonly socket: string) {}

  /** Moves the pointer to and fro for about three seconds. */
  async moveMouse(): Promise<void> {
    const connection = connect(this.socket);
    connection.on('data', () => undefined);
    await new Promise<void>((resolve, reject) => connection.once('connect', resolve).once('error', reject));
    const say = (execute: string, args?: object): boolean => connection.write(JSON.stringify({ execute, arguments: args }) + '\n');
    say('qmp_capabilities');
    for (let i = 0; i < 60; i++) {
      const value = i % 2 === 0 ? 7 : -5;
      const axis = (name: string): object => ({ type: 'rel', data: { axis: name, value } });
      say('input-send-event', { events: [axis('x'), axis('y')] });
      await wait(50);
    }
    connection.end();
  }
}
