import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { ItemId } from '../../schemas/ids.ts';
import type { PartitionName } from '../ports/ledger.ts';
import type { AccountedBatch } from './read-range.ts';
import { type RemakePorts, remakeItems } from './remake-items.ts';
import { isAsRecorded, replayRecord } from './replay-record.ts';

/**
 * The items that a recorded batch leaves, in the state after it: a replay reads the outcome, it never decides anew.
 * `before` holds the items it adds to as they are without it. Throws `VerificationFailed` for an item that does not
 * come out as the ledger recorded it, though nothing of it was erased; `erased` keeps the ids of those that were found
 * to be, from batch to batch.
 */
export const replayBatch = async (
  ports: RemakePorts,
  partition: PartitionName,
  batch: AccountedBatch,
  { before, erased }: { readonly before: readonly Item[]; readonly erased: Set<ItemId> },
): Promise<readonly Item[]> => {
  const { items, differing } = itemsAfter(batch, before);
  const unclear = new Set([...differing].filter((id) => !erased.has(id)));
  if (unclear.size === 0) return items;
  const end = batch.records.at(-1)!.position.offset + 1;
  const remade = await remakeItems(ports, partition, unclear, end);
  for (const id of remade.erased) erased.add(id);
  return [...items.filter(({ id }) => !unclear.has(id)), ...remade.items];
};

/** With the ids of those that came out otherwise than recorded: `before` may lack a fact of them. */
const itemsAfter = (
  { records, entries }: AccountedBatch,
  before: readonly Item[],
): { readonly items: readonly Item[]; readonly differing: ReadonlySet<ItemId> } => {
  const items = new Map(before.map((item) => [item.id, item]));
  const touched = new Map<ItemId, Item>();
  const differing = new Set<ItemId>();
  for (const [at, record] of records.entries()) {
    const entry = entries[at]!;
    const present = entry.itemId === undefined ? undefined : items.get(entry.itemId);
    const item = replayRecord(record, entry, present);
    if (item === undefined) continue;
    if (!isAsRecorded(item, entry)) differing.add(item.id);
    items.set(item.id, item);
    touched.set(item.id, item);
  }
  return { items: [...touched.values()], differing };
};

/** Ids of the items a recorded range added to. */
export const itemIdsIn = (entries: readonly LeafEntry[]): ItemId[] => [
  ...new Set(entries.flatMap(({ itemId }) => (itemId === undefined ? [] : [itemId]))),
];
