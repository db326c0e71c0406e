import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type { SignedHead } from '../../../schemas/archive/ledger.ts';
import { liveFileOf } from '../../../services/adapters/sqlite/archive-index/live-file.ts';
import { openSqliteArchiveIndex } from '../../../services/adapters/sqlite/open-archive-index.ts';
import { openSqliteEventLog } from '../../../services/adapters/sqlite/open-event-log.ts';
import { openSqliteLedger } from '../../../services/adapters/sqlite/open-ledger.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { partitions } from './sqlite-ledger.ts';

/** Everything an archive says through its ports, as lists that only grow. */
export interface Meaning {
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Where each word and each event id is found. */
  readonly found: string;
}

/** Reads all there is; undefined where something cannot be read. */
export const meaningOf = async (data: string): Promise<Meaning | undefined> => {
  try {
    return {
      lists: { ...(await logged(data)), ...(await accounted(data)), items: await items(data) },
      found: await found(data),
    };
  } catch {
    return undefined;
  }
};

const json = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    part?.type === 'Buffer' ? Buffer.from(part.data).toString('hex') : part,
  );

const logged = async (data: string): Promise<Record<string, string[]>> => {
  await using log = await openSqliteEventLog({
    path: join(data, 'log.db'),
    partitions: { im: 4, governance: 1, audit: 1 },
    clock: systemClock,
    readOnly: true,
  });
  const lists: Record<string, string[]> = {};
  for (const name of partitions) {
    const records = (await Array.fromAsync(log.read({ ...name, offset: 0 }))).flat();
    lists[`log ${name.stream} ${name.partition}`] = records.map((record) =>
      json({ ...record, value: record.value && Buffer.from(record.value).toString('hex') }),
    );
  }
  return lists;
};

const accounted = async (data: string): Promise<Record<string, string[]>> => {
  await using ledger = await openSqliteLedger({ path: join(data, 'ledger.db'), readOnly: true });
  const lists: Record<string, string[]> = { heads: (await ledger.heads(1000)).map(json).reverse() };
  for (const name of partitions) {
    const ranges = await Array.fromAsync(ledger.ranges(name, 0));
    lists[`ledger ${name.stream} ${name.partition}`] = ranges.flatMap(({ entries, governanceOffset }) =>
      entries.map((entry) => json([entry, governanceOffset])),
    );
  }
  return lists;
};

const items = async (data: string): Promise<string[]> => {
  await using index = await openSqliteArchiveIndex({
    path: join(data, 'index.db'),
    partitions: 4,
    readOnly: true,
  });
  const scanned = await Promise.all([0, 1, 2, 3].map((partition) => index.scan(partition, 0, 1000)));
  return [...scanned.flat().map(json), json(await index.counts())];
};

const found = async (data: string): Promise<string> => {
  using db = new DatabaseSync(liveFileOf(join(data, 'index.db'))!, { readOnly: true });
  const terms = db.prepare('SELECT DISTINCT term FROM term_instance').all();
  const search = db.prepare('SELECT count(*) AS n FROM words WHERE words MATCH ?');
  const prefix = db.prepare('SELECT count(*) AS n FROM term_instance WHERE term = ?');
  const words = terms.map(({ term }) => [term, search.get(`"${String(term)}"`), prefix.get(String(term))]);
  await using ledger = await openSqliteLedger({ path: join(data, 'ledger.db'), readOnly: true });
  const ids: string[] = [];
  for (const name of partitions)
    for await (const { entries } of ledger.ranges(name, 0))
      ids.push(...entries.flatMap(({ eventId }) => eventId ?? []));
  return json([words, [...(await ledger.find(ids))].sort()]);
};

/** Whether all that is lost was accounted for after the newest head: it can be made again from the log, unproven. */
export const lacksOnlyTail = (before: Meaning | undefined, after: Meaning | undefined): boolean => {
  const newest = JSON.parse(before?.lists.heads?.at(-1) ?? '{}') as Partial<SignedHead>;
  return Object.entries(before?.lists ?? {}).every(([name, list]) => {
    const left = after?.lists[name];
    if (name === 'items') return true;
    if (!name.startsWith('ledger')) return isDeepStrictEqual(left, list);
    const head = newest.heads?.find(({ stream, partition }) => name === `ledger ${stream} ${partition}`);
    return (
      left !== undefined &&
      left.length >= (head?.size ?? 0) &&
      isDeepStrictEqual(left, list.slice(0, left.length))
    );
  });
};

/** Whether everything said before is still said; more may have come. */
export const keeps = (before: Meaning | undefined, after: Meaning | undefined): boolean =>
  before !== undefined &&
  after !== undefined &&
  before.found === after.found &&
  Object.entries(before.lists).every(([name, list]) =>
    list.every((line, at) => after.lists[name]?.[at] === line),
  );
