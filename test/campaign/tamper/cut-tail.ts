import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteLedger } from '../../../services/adapters/sqlite/open-ledger.ts';
import { verifyFolder } from '../../support/verify-folder.ts';
import { partitions, rangesOf } from './sqlite-ledger.ts';
import { alter } from './sqlite-rows.ts';
import type { Tally } from './tally.ts';

/**
 * Takes out of the ledger what was accounted for after the last signed head. Nothing that was signed is touched, so no
 * check can call it wrong; but every event that no head covers must be counted.
 */
export const cutTail = async (specimen: string, data: string, tally: Tally): Promise<void> => {
  await rm(data, { recursive: true, force: true });
  await cp(specimen, data, { recursive: true, verbatimSymlinks: true });
  const path = join(data, 'ledger.db');
  const [head] = await headsOf(path);
  const before = await verifyFolder(data);
  const kept = [];
  for (const name of partitions) {
    const size = head?.heads.find(
      ({ stream, partition }) => stream === name.stream && partition === name.partition,
    )?.size;
    kept.push(...(await rangesOf(path, name)).filter(({ to }) => to <= (size ?? 0)));
  }
  alter(path, (db) => db.exec('DELETE FROM ranges; DELETE FROM outcomes; DELETE FROM quarantined'));
  await propose(path, kept);
  const { ok, unwitnessedTail } = await verifyFolder(data);
  tally.judgeTail({ ok, counted: unwitnessedTail, expected: before.unwitnessedTail });
};

const headsOf = async (path: string) => {
  await using ledger = await openSqliteLedger({ path, readOnly: true });
  return await ledger.heads(1);
};

const propose = async (path: string, ranges: Awaited<ReturnType<typeof rangesOf>>): Promise<void> => {
  await using ledger = await openSqliteLedger({ path });
  for (const { peaks: _, ...range } of ranges)
    if (!(await ledger.propose(range)).won) throw new Error('a range was not put back');
};
