import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import { decodeEvent } from '../core/conversation/decode-event.ts';
import { factOffsets } from '../core/item/fact-offsets.ts';
import { conflictItem, foldFact } from '../core/item/fold-item.ts';
import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';
import { factOf } from './prepare-record.ts';
import { replayRecord } from './replay-record.ts';

/**
 * Items of the index as the ledger accounts for them below `end`, in the order given; `undefined` where no fact is. The
 * index may hold more: facts of a batch whose range was never recorded, or lost its race.
 */
export const accountedItems = async (
  ports: { readonly log: EventLog; readonly ledger: Ledger },
  partition: PartitionName,
  items: readonly Item[],
  end = Number.POSITIVE_INFINITY,
): Promise<readonly (Item | undefined)[]> => {
  const offsets = [...new Set(items.flatMap(offsetsOf))];
  const entries = await ports.ledger.entries(partition, offsets);
  const ownerOf = new Map(offsets.map((offset, at) => [offset, entries[at]?.itemId]));
  const accounted: (Item | undefined)[] = [];
  for (const item of items) {
    const kept = offsetsOf(item).filter((offset) => offset < end && ownerOf.get(offset) === item.id);
    const isWhole = kept.length === offsetsOf(item).length;
    accounted.push(isWhole ? item : await foldFacts(ports, partition, kept));
  }
  return accounted;
};

/** Where the facts of an item stand, as far as it shows: ascending; the newest need not have left a mark. */
const offsetsOf = (item: Item): number[] =>
  [...new Set([...factOffsets(item), item.newestOffset])].sort((a, b) => a - b);

/** The item that accounted facts make, read from the log; what was erased is not in it. */
const foldFacts = async (
  { log, ledger }: { readonly log: EventLog; readonly ledger: Ledger },
  partition: PartitionName,
  offsets: readonly number[],
): Promise<Item | undefined> => {
  const records = await log.get(offsets.map((offset) => ({ ...partition, offset })));
  const entries = await ledger.entries(partition, offsets);
  let item: Item | undefined;
  for (const [at, record] of records.entries()) {
    const entry = entries[at];
    if (record !== undefined && entry !== undefined) item = replayRecord(record, entry, item) ?? item;
  }
  return item;
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
  { log, ledger }: { readonly log: Pick<EventLog, 'get'>; readonly ledger: Pick<Ledger, 'entries'> },
  partition: PartitionName,
  differing: readonly DifferingItem[],
): Promise<readonly (Item | undefined)[]> => {
  if (differing.length === 0) return [];
  const held = [...new Set(differing.flatMap(({ item }) => offsetsOf(item)))];
  const entries = await ledger.entries(partition, held);
  const entryAt = new Map(held.map((offset, at) => [offset, entries[at]]));
  const facts = differing.map((both) => factsToMerge(both, entryAt));
  const offsets = [...new Set(facts.flat())];
  const records = await log.get(offsets.map((offset) => ({ ...partition, offset })));
  const recordAt = new Map(offsets.map((offset, at) => [offset, records[at]]));
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
  const kept = held.filter((offset) => {
    const entry = entryAt.get(offset);
    return entry === undefined || entry.itemId === item.id;
  });
  const isWhole =
    item.newestOffset >= ours.newestOffset && factOffsets(ours).every((one) => held.includes(one));
  if (isWhole && kept.length === held.length) return [];
  return [...new Set([...kept, ...offsetsOf(ours)])].sort((a, b) => a - b);
};

/** The item that these records make; `ours` where none of them can be read any more. */
const foldMerged = (records: readonly (LoggedRecord | undefined)[], ours: Item): Item => {
  let merged: Item | undefined;
  for (const record of records) {
    const decoded = record?.value == null ? undefined : decodeEvent(record.value);
    if (record === undefined || decoded?.ok !== true) continue;
    const fact = factOf(record);
    merged =
      ours.conflictsWith === undefined
        ? foldFact(merged, fact, ours.id)
        : (merged ?? conflictItem(fact, ours.id, ours.conflictsWith));
  }
  return merged ?? ours;
};
