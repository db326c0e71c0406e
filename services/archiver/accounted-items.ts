import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { decodeEvent } from '../core/conversation/decode-event.ts';
import { factOffsets } from '../core/item/fact-offsets.ts';
import { conflictItem, foldFact } from '../core/item/fold-item.ts';
import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';
import { factOf } from './prepare-record.ts';
import { replayRecord } from './replay-record.ts';

interface Ports {
  readonly log: Pick<EventLog, 'get'>;
  readonly ledger: Pick<Ledger, 'entries'>;
}

/**
 * Items of the index as the ledger accounts for them below `end`, in the order given; `undefined` where no fact is. The
 * index may hold more: facts of a batch whose range was never recorded, or lost its race.
 */
export const accountedItems = (
  ports: Ports,
  partition: PartitionName,
  items: readonly Item[],
  end = Number.POSITIVE_INFINITY,
): Promise<readonly (Item | undefined)[]> =>
  keepFacts(ports, partition, items, (offset, entry, id) => offset < end && entry?.itemId === id);

/** Items of the index without the facts that the ledger gives to another or to none; those beyond it stay. */
export const withoutStrays = (
  ports: Ports,
  partition: PartitionName,
  items: readonly Item[],
): Promise<readonly (Item | undefined)[]> => keepFacts(ports, partition, items, isNoStray);

type FactTest = (offset: number, entry: LeafEntry | undefined, id: ItemId) => boolean;

const isNoStray: FactTest = (_, entry, id) => entry === undefined || entry.itemId === id;

/** An item of which all is kept is itself; of any other what is kept is read from the log. */
const keepFacts = async (
  { log, ledger }: Ports,
  partition: PartitionName,
  items: readonly Item[],
  isKept: FactTest,
): Promise<readonly (Item | undefined)[]> => {
  const entryAt = await entriesAt(ledger, partition, items);
  const kept = items.map((item) =>
    offsetsOf(item).filter((offset) => isKept(offset, entryAt.get(offset), item.id)),
  );
  const isWhole = (at: number): boolean => kept[at]!.length === offsetsOf(items[at]!).length;
  const needed = items.flatMap((_, at) => (isWhole(at) ? [] : kept[at]!));
  const recordAt = await recordsAt(log, partition, needed);
  return items.map((item, at) => {
    if (isWhole(at)) return item;
    let left: Item | undefined;
    for (const offset of kept[at]!) {
      const [record, entry] = [recordAt.get(offset), entryAt.get(offset)];
      if (record === undefined) continue;
      left = entry ? (replayRecord(record, entry, left) ?? left) : foldUnrecorded(record, item, left);
    }
    return left;
  });
};

/** Where the facts of an item stand, as far as it shows: ascending; the newest need not have left a mark. */
const offsetsOf = (item: Item): number[] =>
  [...new Set([...factOffsets(item), item.newestOffset])].sort((a, b) => a - b);

const entriesAt = async (
  ledger: Ports['ledger'],
  partition: PartitionName,
  items: readonly Item[],
): Promise<ReadonlyMap<number, LeafEntry | undefined>> => {
  const offsets = [...new Set(items.flatMap(offsetsOf))];
  const entries = await ledger.entries(partition, offsets);
  return new Map(offsets.map((offset, at) => [offset, entries[at]]));
};

const recordsAt = async (
  log: Ports['log'],
  partition: PartitionName,
  wanted: readonly number[],
): Promise<ReadonlyMap<number, LoggedRecord | undefined>> => {
  const offsets = [...new Set(wanted)];
  const records = await log.get(offsets.map((offset) => ({ ...partition, offset })));
  return new Map(offsets.map((offset, at) => [offset, records[at]]));
};

/** `present` with a record of `of`, whether the ledger accounts for it by now or not. */
const foldUnrecorded = (record: LoggedRecord, of: Item, present: Item | undefined): Item | undefined => {
  if (record.value === null || !decodeEvent(record.value).ok) return present;
  const fact = factOf(record);
  return of.conflictsWith === undefined
    ? foldFact(present, fact, of.id)
    : (present ?? conflictItem(fact, of.id, of.conflictsWith));
};

/** One item in two states: the index holds `item`; `ours` it did not take. */
export interface DifferingItem {
  readonly item: Item;
  readonly ours: Item;
}

/**
 * The items with the facts of both states, in the order given: facts that the ledger gives to another item are left
 * out, those beyond it are kept. Undefined where `item` has all of `ours`, and nothing that went elsewhere.
 */
export const mergedItems = async (
  { log, ledger }: Ports,
  partition: PartitionName,
  differing: readonly DifferingItem[],
): Promise<readonly (Item | undefined)[]> => {
  if (differing.length === 0) return [];
  const held = differing.map(({ item }) => item);
  const entryAt = await entriesAt(ledger, partition, held);
  const facts = differing.map((both) => factsToMerge(both, entryAt));
  const recordAt = await recordsAt(log, partition, facts.flat());
  return differing.map(({ ours }, at) => {
    const made = facts[at]!.map((offset) => recordAt.get(offset));
    return made.length === 0 ? undefined : foldMerged(made, ours);
  });
};

/** Where the facts of both stand, ascending; none where `item` is right as it is. */
const factsToMerge = (
  { item, ours }: DifferingItem,
  entryAt: ReadonlyMap<number, LeafEntry | undefined>,
): readonly number[] => {
  const held = offsetsOf(item);
  const kept = held.filter((offset) => isNoStray(offset, entryAt.get(offset), item.id));
  const isWhole =
    item.newestOffset >= ours.newestOffset && factOffsets(ours).every((one) => held.includes(one));
  if (isWhole && kept.length === held.length) return [];
  return [...new Set([...kept, ...offsetsOf(ours)])].sort((a, b) => a - b);
};

/** The item that these records make; `ours` where none of them can be read any more. */
const foldMerged = (records: readonly (LoggedRecord | undefined)[], ours: Item): Item =>
  records.reduce<Item | undefined>(
    (merged, record) => (record === undefined ? merged : foldUnrecorded(record, ours, merged)),
    undefined,
  ) ?? ours;
