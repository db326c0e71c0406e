import type { Item } from '../../schemas/archive/item.ts';
import { factOffsets, isSecondDeletion } from '../core/item/fact-offsets.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';

/** Records an archiver puts before it records their range, at most. */
export const longestBatch = 1000;

interface LackingPorts {
  readonly log: Pick<EventLog, 'get'>;
  readonly ledger: Pick<Ledger, 'entries'>;
  readonly index: Pick<ArchiveIndex, 'get'>;
}

/**
 * The first offset below `end` of which the index lacks the item or the fact, looked for among the last batch: a copy
 * taken while that was put may hold some of it, or what an earlier attempt made of it. All before it was put whole.
 */
export const firstLacking = async (
  { log, ledger, index }: LackingPorts,
  partition: PartitionName,
  end: number,
): Promise<number | undefined> => {
  const from = Math.max(0, end - longestBatch);
  const offsets = Array.from({ length: end - from }, (_, at) => from + at);
  const entries = await ledger.entries(partition, offsets);
  const facts = entries.flatMap((entry) =>
    entry?.itemId === undefined ? [] : [{ id: entry.itemId, offset: entry.offset }],
  );
  const ids = [...new Set(facts.map(({ id }) => id))];
  const found = await index.get(ids);
  const items = new Map(ids.map((id, at) => [id, found[at]]));
  // What another partition put under this id first is no item of this one, and cannot be completed.
  const isElsewhere = (item: Item | undefined): boolean =>
    item !== undefined && item.partition !== partition.partition;
  const lacking = facts.filter(
    ({ id, offset }) => !isElsewhere(items.get(id)) && !hasMark(items.get(id), offset),
  );
  const records = await log.get(lacking.map(({ offset }) => ({ ...partition, offset })));
  return lacking.find(({ id }, at) => !isRightlyAbsent(items.get(id), records[at]))?.offset;
};

const hasMark = (item: Item | undefined, offset: number): boolean =>
  item !== undefined && (item.newestOffset === offset || factOffsets(item).includes(offset));

/** What was erased since is not there, and a deletion of what was deleted before leaves no mark. */
const isRightlyAbsent = (item: Item | undefined, record: LoggedRecord | undefined): boolean => {
  if (record?.value === null) return true;
  if (item === undefined || record === undefined) return false;
  const { offset } = record.position;
  return offset < item.newestOffset && isSecondDeletion(item, record.value, offset);
};
