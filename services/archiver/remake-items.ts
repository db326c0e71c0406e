import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { HoldfastError } from '../core/errors.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';
import { isAsRecorded, replayRecord } from './replay-record.ts';

export interface RemakePorts {
  readonly log: Pick<EventLog, 'get'>;
  readonly ledger: Pick<Ledger, 'ranges'>;
}

/**
 * Items as all their facts below `end` make them, for where the index was no help: costs a walk through the ledger.
 * Of an item that is being erased the log may have lost some facts and still have others: what is left makes it then,
 * and no recorded hash can judge that; their ids are `erased`. Throws `VerificationFailed` for any other that differs from what was recorded.
 */
export const remakeItems = async (
  { log, ledger }: RemakePorts,
  partition: PartitionName,
  ids: ReadonlySet<ItemId>,
  end: number,
): Promise<{ readonly items: readonly Item[]; readonly erased: ReadonlySet<ItemId> }> => {
  const facts: LeafEntry[] = [];
  for await (const { from, entries } of ledger.ranges(partition, 0)) {
    if (from >= end) break;
    facts.push(
      ...entries.filter(({ offset, itemId }) => offset < end && itemId !== undefined && ids.has(itemId)),
    );
  }
  const records = await log.get(facts.map(({ offset }) => ({ ...partition, offset })));
  const items = new Map<ItemId, Item>();
  const erased = new Set<ItemId>();
  for (const [at, entry] of facts.entries()) {
    const [record, id] = [records[at], entry.itemId!];
    if (record?.value == null) {
      erased.add(id);
      continue;
    }
    const item = replayRecord(record, entry, items.get(id))!;
    if (!erased.has(id) && !isAsRecorded(item, entry)) throw unlikeRecorded(id);
    items.set(id, item);
  }
  return { items: [...items.values()], erased };
};

const unlikeRecorded = (itemId: ItemId): HoldfastError =>
  new HoldfastError('VerificationFailed', {
    detail: `Item ${itemId} does not come out as the ledger recorded it.`,
    itemId,
  });
