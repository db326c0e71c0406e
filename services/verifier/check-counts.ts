import type { Difference, VerifyReport } from '../../schemas/api/archive-operations.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';

/**
 * Whether the index holds as many items as were compared: what was put where no comparison looks, such as a partition
 * that the log does not have, would be found by a search.
 */
export const checkCounts = async (
  index: ArchiveIndex,
  compared: VerifyReport['partitions'],
): Promise<Difference[]> => {
  await index.refresh();
  const begun = await index.counts(compared.map(({ events }) => events));
  const all = await index.counts();
  const known = all.perPartition.slice(0, compared.length).reduce((sum, count) => sum + count, 0);
  const differences = compared.flatMap(({ partition, items }): Difference[] => {
    const held = begun.perPartition[partition] ?? 0;
    const what = `the index holds ${held} items of the events that were compared, ${items} of them in their places`;
    return held === items ? [] : [{ partition, what }];
  });
  if (all.items === known) return differences;
  const what = `the index holds ${all.items - known} items in partitions that the log does not have`;
  return [...differences, { what }];
};
