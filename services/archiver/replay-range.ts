import { hash } from 'node:crypto';
import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { HoldfastError } from '../core/errors.ts';
import { itemHash } from '../core/item/canonical.ts';
import { itemIdOf } from '../core/item/facts.ts';
import { conflictItem, foldFact } from '../core/item/fold-item.ts';
import type { LoggedRecord } from '../ports/event-log.ts';
import { factOf } from './prepare-record.ts';

/** The item after this record, as its recorded outcome says; `undefined` where the outcome makes none. */
export const replayRecord = (
  record: LoggedRecord,
  entry: LeafEntry,
  present: Item | undefined,
): Item | undefined => {
  if (entry.itemId === undefined || record.value === null) return undefined;
  const { partition, offset } = record.position;
  const differs = (what: string) =>
    new HoldfastError('VerificationFailed', {
      detail: `Event ${partition}/${offset}: ${what}`,
      itemId: entry.itemId,
      partition,
      offset,
    });
  if (hash('sha256', record.value, 'hex') !== entry.valueHash)
    throw differs('the logged bytes are not those the ledger recorded.');
  const fact = factOf(record);
  return entry.outcome === 'conflict'
    ? conflictItem(fact, entry.itemId, itemIdOf(fact.event))
    : foldFact(present, fact, entry.itemId);
};

/** The items that a recorded range leaves, in the state after it: a replay reads the outcome, it never decides anew. */
export const itemsAfter = (
  records: readonly LoggedRecord[],
  entries: readonly LeafEntry[],
  before: readonly Item[],
): readonly Item[] => {
  const items = new Map(before.map((item) => [item.id, item]));
  const touched = new Map<ItemId, Item>();
  for (const [at, record] of records.entries()) {
    const entry = entries[at]!;
    const item = replayRecord(
      record,
      entry,
      entry.itemId === undefined ? undefined : items.get(entry.itemId),
    );
    if (item === undefined) continue;
    // A fact that was folded before leaves the item as it is, and its hash that of a later fact.
    if (item.newestOffset === record.position.offset && itemHash(item) !== entry.itemHash) {
      throw new HoldfastError('VerificationFailed', {
        detail: `Item ${item.id} does not come out as the ledger recorded it.`,
        itemId: item.id,
      });
    }
    items.set(item.id, item);
    touched.set(item.id, item);
  }
  return [...touched.values()];
};

/** Ids of the items a recorded range added to. */
export const itemIdsIn = (entries: readonly LeafEntry[]): ItemId[] => [
  ...new Set(entries.flatMap(({ itemId }) => (itemId === undefined ? [] : [itemId]))),
];
