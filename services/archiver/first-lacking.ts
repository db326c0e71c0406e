import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { EventLog } from '../ports/event-log.ts';
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
 * taken while that was put may hold some of it. All before it was put whole.
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
  const items = await index.get(ids);
  const newestOf = new Map(ids.map((id, at) => [id, items[at]?.newestOffset ?? -1]));
  const lacking = facts.filter(({ id, offset }) => newestOf.get(id)! < offset);
  const records = await log.get(lacking.map(({ offset }) => ({ ...partition, offset })));
  // What was erased since is rightly not there.
  return lacking.find((_, at) => records[at]?.value !== null)?.offset;
};
