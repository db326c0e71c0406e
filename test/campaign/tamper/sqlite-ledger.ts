import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { SignedHead } from '../../../schemas/archive/ledger.ts';
import { openSqliteLedger } from '../../../services/adapters/sqlite/open-ledger.ts';
import type { PartitionName, RangeRecord } from '../../../services/ports/ledger.ts';
import type { Dice } from '../../support/dice.ts';
import { type Change, namesPartition, says } from './change.ts';
import { signedByAnother, underOurName, withOtherWords } from './forge-heads.ts';
import { forkAt, otherEntry } from './fork.ts';
import { alter } from './sqlite-rows.ts';

export const partitions: readonly PartitionName[] = [0, 1, 2, 3]
  .map((partition): PartitionName => ({ stream: 'im', generation: 1, partition }))
  .concat(
    { stream: 'governance', generation: 1, partition: 0 },
    { stream: 'audit', generation: 1, partition: 0 },
  );

export const rangesOf = async (path: string, partition: PartitionName): Promise<readonly RangeRecord[]> => {
  await using ledger = await openSqliteLedger({ path, readOnly: true });
  return await Array.fromAsync(ledger.ranges(partition, 0));
};

const ofPartition = ({ stream, partition }: PartitionName): string =>
  `partition = (SELECT number FROM partitions WHERE stream = '${stream}' AND partition = ${partition})`;

type Kind = (path: string, chance: Dice) => Promise<Change>;

const badHead = says(/head/);

const fork =
  (resign: ((head: SignedHead) => SignedHead) | undefined): Kind =>
  async (path, chance) => {
    const partition = chance.pick(partitions);
    const ranges = await rangesOf(path, partition);
    const size = ranges.at(-1)!.to;
    const offset = chance.below(size);
    const forked = forkAt(ranges, offset, otherEntry(chance));
    alter(path, (db) => {
      db.exec(`DELETE FROM ranges WHERE ${ofPartition(partition)};
        DELETE FROM outcomes WHERE ${ofPartition(partition)}; DELETE FROM quarantined WHERE ${ofPartition(partition)}`);
      if (resign !== undefined) resignAll(db, partition, { forked, resign });
    });
    await using ledger = await openSqliteLedger({ path });
    for (const range of forked)
      if (!(await ledger.propose(range)).won) throw new Error('the fork did not win');
    return {
      what: `${partition.stream} ${partition.partition}/${offset}: a second history${resign === undefined ? '' : ', heads signed by another key'}`,
      isNamedBy: resign === undefined ? namesPartition(partition.partition) : badHead,
    };
  };

/** Heads that agree with the second history. */
const resignAll = (
  db: DatabaseSync,
  { stream, partition }: PartitionName,
  { forked, resign }: { forked: ReturnType<typeof forkAt>; resign: (head: SignedHead) => SignedHead },
): void => {
  const rootAt = new Map(forked.map(({ to, root }) => [to, root]));
  eachHead(db, (head) =>
    resign({
      ...head,
      heads: head.heads.map((one) =>
        one.stream === stream && one.partition === partition
          ? { ...one, root: rootAt.get(one.size) ?? one.root }
          : one,
      ),
    }),
  );
};

const eachHead = (db: DatabaseSync, change: (head: SignedHead) => SignedHead, where = ''): void => {
  for (const { id, head } of db.prepare(`SELECT id, head FROM heads ${where}`).all())
    db.prepare('UPDATE heads SET head = ? WHERE id = ?').run(
      JSON.stringify(change(JSON.parse(String(head)) as SignedHead)),
      id as number,
    );
};

const someHead = (chance: Dice): string => `WHERE id = (SELECT max(id) FROM heads) - ${chance.below(2)}`;

const heads =
  (what: string, change: (head: SignedHead, chance: Dice) => SignedHead): Kind =>
  async (path, chance) => {
    alter(path, (db) => eachHead(db, (head) => change(head, chance), someHead(chance)));
    return { what: `a head ${what}`, isNamedBy: badHead };
  };

const ranges =
  (what: string, sqlOf: (id: number, chance: Dice) => string): Kind =>
  async (path, chance) => {
    let change: Change = { what };
    alter(path, (db) => {
      const rows = db
        .prepare(
          'SELECT ranges.id, p.stream, p.partition FROM ranges JOIN partitions p ON p.number = ranges.partition',
        )
        .all();
      const { id, stream, partition } = chance.pick(rows);
      db.exec(sqlOf(Number(id), chance));
      change = {
        what: `a range of ${stream} ${partition} ${what}`,
        isNamedBy: namesPartition(Number(partition)),
      };
    });
    return change;
  };

const tables =
  (what: string, sql: string, named: RegExp): Kind =>
  async (path) => {
    alter(path, (db) => db.exec(sql));
    return { what, isNamedBy: says(named) };
  };

const flipHash =
  (column: string): ((id: number, chance: Dice) => string) =>
  (id, chance) =>
    `UPDATE ranges SET ${column} = '${chance.hex(32)}' WHERE id = ${id}`;

const kinds: readonly Kind[] = [
  fork(undefined),
  fork(undefined),
  fork(signedByAnother),
  fork(underOurName),
  heads('signed by another key', signedByAnother),
  heads('signed by another key under our name', underOurName),
  heads('with other words', withOtherWords),
  tables('all heads deleted', 'DELETE FROM heads', /head/),
  tables('the newest head deleted', 'DELETE FROM heads WHERE id = (SELECT max(id) FROM heads)', /head/),
  ranges('deleted', (id) => `DELETE FROM ranges WHERE id = ${id}`),
  ranges(
    'and what follows deleted',
    (id) => `DELETE FROM ranges WHERE id >= ${id}
    AND partition = (SELECT partition FROM ranges WHERE id = ${id})`,
  ),
  ranges('with another root', flipHash('root')),
  ranges('with another previous root', flipHash('previous_root')),
  ranges(
    'with other hashes',
    (id) => `UPDATE ranges SET hashes = randomblob(length(hashes)) WHERE id = ${id}`,
  ),
  ranges('decided in the future', (id) => `UPDATE ranges SET governance_offset = 99 WHERE id = ${id}`),
  tables('the quarantine list emptied', 'DELETE FROM quarantined', /quarantine/),
  tables('the numbers of outcomes changed', 'UPDATE outcomes SET count = count + 1', /counts/),
  tables('event ids hidden', 'UPDATE occurrences_through SET range = 1000000', /does not find|earlier/),
];

/** Changes the account itself in a way that leaves a well-formed file. */
export const changeLedger = (data: string, chance: Dice): Promise<Change> =>
  chance.pick(kinds)(join(data, 'ledger.db'), chance);
