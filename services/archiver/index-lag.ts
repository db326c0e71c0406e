import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';
import type { OldestItems } from './oldest-items.ts';

interface LagPorts {
  readonly ledger: Pick<Ledger, 'ranges'>;
  readonly index: Pick<ArchiveIndex, 'searchableWatermark' | 'get'>;
}

/**
 * The first of these partitions of which searches of the index lack what the ledger says was archived below these
 * sizes, one for each: it was lost, or is an older copy, or was not refreshed since. Documents are put in order, so it
 * is enough to look beyond the newest fact the index has, and for the oldest item: archivers that ran on may have put
 * new ones into an index that was lost and made anew.
 */
export const findIndexLag = async (
  { ledger, index }: LagPorts,
  partitions: readonly PartitionName[],
  { sizes, oldestItems }: { readonly sizes: readonly number[]; readonly oldestItems: OldestItems },
): Promise<PartitionName | undefined> => {
  const watermarks = await index.searchableWatermark();
  for (const [at, partition] of partitions.entries()) {
    const range = { from: watermarks[partition.partition] ?? 0, to: sizes[at]! };
    if (await hasArchived(ledger, partition, range)) return partition;
  }
  const oldest = await Promise.all(
    partitions.map(async (partition) => ({ partition, id: await oldestItems.of(partition) })),
  );
  const known = oldest.flatMap(({ partition, id }) => (id === undefined ? [] : [{ partition, id }]));
  const items = await index.get(known.map(({ id }) => id));
  return known.find((_, at) => items[at] === undefined)?.partition;
};

const hasArchived = async (
  ledger: LagPorts['ledger'],
  partition: PartitionName,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<boolean> => {
  if (from >= to) return false;
  for await (const range of ledger.ranges(partition, from)) {
    if (range.from >= to) return false;
    if (range.entries.some(({ offset, itemId }) => itemId !== undefined && offset >= from && offset < to))
      return true;
  }
  return false;
};
