import type { Item } from '../../schemas/archive/item.ts';
import { factOffsets } from '../core/item/fact-offsets.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';
import { replayRecord } from './replay-range.ts';

/**
 * Items of the index as the ledger accounts for them, in the order given; `undefined` where no fact is accounted for.
 * The index may hold more: facts of a batch whose range was never recorded, or lost its race.
 */
export const accountedItems = async (
  ports: { readonly log: EventLog; readonly ledger: Ledger },
  partition: PartitionName,
  items: readonly Item[],
): Promise<readonly (Item | undefined)[]> => {
  const offsets = [...new Set(items.flatMap(offsetsOf))];
  const entries = await ports.ledger.entries(partition, offsets);
  const ownerOf = new Map(offsets.map((offset, at) => [offset, entries[at]?.itemId]));
  const accounted: (Item | undefined)[] = [];
  for (const item of items) {
    const kept = offsetsOf(item).filter((offset) => ownerOf.get(offset) === item.id);
    const isWhole = kept.length === offsetsOf(item).length;
    accounted.push(isWhole ? item : await foldFacts(ports, partition, kept));
  }
  return accounted;
};

/** Where the facts of an item stand, as far as it shows: ascending; the newest need not have left a mark. */
export const offsetsOf = (item: Item): number[] =>
  [...new Set([...factOffsets(item), item.newestOffset])].sort((a, b) => a - b);

/** The item that accounted facts make, read from the log; what was erased is not in it. */
export const foldFacts = async (
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
