import { hash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { hostSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';

// Run as a child: appends for ever and writes a line for every record the log acknowledged.
const [path = '', run = ''] = process.argv.slice(2);
const writers = 16;

/** A value that proves itself whole: its SHA-256 comes first. */
const sealed = (text: string): NewRecord['value'] => Buffer.from(`${hash('sha256', text)} ${text}`);

const batchOf = (writer: number, turn: number): NewRecord[] =>
  Array.from({ length: 1 + ((writer + turn) % 7) }, (_, n) => ({
    key: `conversation-${writer}`,
    value: sealed(`${run}:${writer}:${turn}:${n} ${'x'.repeat((turn * 131) % 9000)}`),
  }));

const log = await hostSqliteEventLog({
  path,
  partitions: { im: 4, governance: 1, audit: 1 },
  clock: systemClock,
});

const write = async (writer: number): Promise<never> => {
  for (let turn = 0; ; turn++) {
    const appended = await log.append('im', batchOf(writer, turn));
    const lines = appended.map(
      ({ position: { partition, offset } }, n) => `${partition} ${offset} ${run}:${writer}:${turn}:${n}\n`,
    );
    writeSync(1, lines.join(''));
  }
};

await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
