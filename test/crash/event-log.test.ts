import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { hash, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { EventLog, LoggedRecord } from '../../services/ports/event-log.ts';
import { readAll, start, textOf } from '../support/records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const kills = 6;

interface Acknowledged {
  readonly partition: number;
  readonly offset: number;
  readonly id: string;
}

/** Starts a child that appends, kills it after that many acknowledged records, and gives all it acknowledged. */
const appendUntilKilled = async (path: string, run: number, records: number): Promise<Acknowledged[]> => {
  const script = join(import.meta.dirname, 'append-until-killed.ts');
  const child = spawn(process.execPath, [script, path, `${run}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: Acknowledged[] = [];
  for await (const line of createInterface(child.stdout)) {
    const [partition, offset, id] = line.split(' ');
    // The last line may be cut: its record was acknowledged in the child, not to us.
    if (id?.split(':').length !== 4) continue;
    acknowledged.push({ partition: Number(partition), offset: Number(offset), id });
    if (acknowledged.length === records) child.kill('SIGKILL');
  }
  return acknowledged;
};

const assertWhole = (read: readonly LoggedRecord[]): void => {
  for (const [n, logged] of read.entries()) {
    assert.equal(logged.position.offset, n, 'offsets are dense');
    const text = textOf(logged) ?? '';
    assert.equal(text.slice(0, 64), hash('sha256', text.slice(65)), 'no value is torn');
    if (n > 0) assert.ok(logged.loggedAt >= read[n - 1]!.loggedAt, 'log time is monotone');
  }
};

const assertAllThere = async (log: EventLog, acknowledged: readonly Acknowledged[]): Promise<void> => {
  const partitions = await Promise.all([0, 1, 2, 3].map((partition) => readAll(log, start('im', partition))));
  for (const read of partitions) assertWhole(read);
  for (const { partition, offset, id } of acknowledged) {
    const text = textOf(partitions[partition]?.[offset])?.slice(65) ?? '';
    assert.equal(text.split(' ')[0], id, 'what was acknowledged is where it was said to be');
  }
};

test(`a log whose writer is killed ${kills} times holds everything it acknowledged, whole and dense`, async (t) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'log.db');
  const acknowledged: Acknowledged[] = [];
  for (let run = 0; run < kills; run++) {
    const records = randomInt(1, 3000);
    t.diagnostic(`run ${run}: killed after ${records} records`);
    acknowledged.push(...(await appendUntilKilled(path, run, records)));
    await using log = await openSqliteEventLog({
      path,
      partitions: { im: 4, governance: 1, audit: 1 },
      clock: systemClock,
    });
    await assertAllThere(log, acknowledged);
  }
});
