import { isDeepStrictEqual } from 'node:util';
import type { LeafEntry } from '../../../schemas/archive/ledger.ts';
import type { Scope } from '../../../schemas/events/governance-event.ts';
import { decodeEvent } from '../../../services/core/conversation/decode-event.ts';
import { scopeFactsOf, scopeTest } from '../../../services/core/governance/scope.ts';
import { imPartitionsOf, partitionsOf } from '../../../services/core/ledger/partitions-of.ts';
import type { LoggedRecord } from '../../../services/ports/event-log.ts';
import type { RangeRecord } from '../../../services/ports/ledger.ts';
import type { History } from './history.ts';
import type { SitePorts } from './site.ts';

export interface LedgerReading {
  /** Per partition of `im`. */
  readonly ranges: readonly (readonly RangeRecord[])[];
}

export const readRanges = async ({ log, ledger }: SitePorts): Promise<RangeRecord[][]> => {
  const found: RangeRecord[][] = [];
  for (const name of imPartitionsOf(log)) {
    const ranges: RangeRecord[] = [];
    for await (const range of ledger.ranges(name, 0)) ranges.push(range);
    found.push(ranges);
  }
  return found;
};

const entriesOf = (ranges: readonly (readonly RangeRecord[])[]): LeafEntry[] =>
  ranges.flat().flatMap(({ entries }) => entries);

/** I4: every logged offset has one outcome, and the outcomes add up. */
export const checkSums = async ({ log, ledger }: SitePorts): Promise<string[]> => {
  const faults: string[] = [];
  for (const name of partitionsOf(log)) {
    const { stream, partition } = name;
    const end = await log.end(stream, partition);
    const { size } = await ledger.frontier(name);
    const counts = await ledger.counts(name);
    const sum = Object.values(counts).reduce((total, count) => total + count, 0);
    if (size !== end || sum !== end)
      faults.push(`I4: ${stream} ${partition} has ${end} events, ${size} accounted for, ${sum} outcomes`);
  }
  return faults;
};

/** I2, I4: the engine has each item that the ledger accounts for once, and no other. */
export const checkItems = async (
  ranges: readonly (readonly RangeRecord[])[],
  ids: readonly string[],
  { index }: SitePorts,
): Promise<string[]> => {
  const wanted = new Set(entriesOf(ranges).flatMap(({ itemId }) => itemId ?? []) as string[]);
  const expected = [...wanted].sort();
  const faults: string[] = [];
  if (!isDeepStrictEqual(ids, expected)) {
    const missing = expected.filter((id) => !ids.includes(id)).slice(0, 3);
    const extra = ids.filter((id, at) => !wanted.has(id) || ids.indexOf(id) !== at).slice(0, 3);
    faults.push(`I2: the engine lacks [${missing}] and has beyond the ledger [${extra}]`);
  }
  const { items } = await index.counts();
  if (items !== expected.length) faults.push(`I4: ${items} items counted, ${expected.length} accounted for`);
  return faults;
};

/** I2: one content under one id is archived once, however often it was logged and decided. */
export const checkOutcomes = (ranges: readonly (readonly RangeRecord[])[]): string[] => {
  const archived = new Map<string, string[]>();
  for (const [partition, ofPartition] of ranges.entries())
    for (const { offset, outcome, eventId, contentHash, itemId } of entriesOf([ofPartition])) {
      if (outcome !== 'archived' && outcome !== 'conflict') continue;
      const content = `${eventId} ${contentHash}`;
      const places = archived.get(content) ?? [];
      archived.set(content, [...places, `${partition}/${offset} as ${outcome} ${itemId}`]);
    }
  return [...archived].flatMap(([content, places]) =>
    places.length === 1 ? [] : [`I2: ${content} was archived twice: ${places.join(', ')}`],
  );
};

interface Decided {
  readonly records: readonly (readonly LoggedRecord[])[];
  readonly scopes: readonly Scope[];
  readonly history: History;
}

/** The scope that a range names decides, and it is no older than the newest the sender could know of. */
export const checkScope = (
  ranges: readonly (readonly RangeRecord[])[],
  { records, scopes, history }: Decided,
): string[] => {
  const faults: string[] = [];
  const known = new Map<string, number>();
  for (const { positions = [], governanceEnd } of history.sent)
    for (const { partition, offset } of positions) known.set(`${partition}/${offset}`, governanceEnd);
  for (const [partition, ofPartition] of ranges.entries()) {
    const items = new Set<string>();
    for (const { entries, governanceOffset } of ofPartition) {
      const decides = scopeTest(scopes[governanceOffset - 1] ?? { who: 'everyone' });
      for (const { offset, outcome, itemId } of entries) {
        const where = `${partition}/${offset}`;
        if (governanceOffset < (known.get(where) ?? 0))
          faults.push(`scope: ${where} was decided by an older scope than its sender knew`);
        const begins = itemId !== undefined && !items.has(itemId);
        if (itemId !== undefined) items.add(itemId);
        if (outcome !== 'refused' && !begins) continue;
        const decoded = decodeEvent(records[partition]![offset]!.value!);
        const isRight =
          decoded.ok && decides(scopeFactsOf(decoded.event)).archive === (outcome !== 'refused');
        if (!isRight) faults.push(`scope: ${where} is ${outcome}, against the scope that its range names`);
      }
    }
  }
  return faults;
};
