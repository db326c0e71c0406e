import type { Difference, Progress, VerifyReport } from '../../schemas/api/archive-operations.ts';
import type { SignedHead } from '../../schemas/archive/ledger.ts';
import { isHoldfastError } from '../core/errors.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';
import { CompareIndex } from './compare-index.ts';
import { type PartitionWalk, walkPartition } from './walk-partition.ts';

/** The report names the first differences; counting on would only repeat a broken chain. */
export const maxDifferences = 20;

/** What a partition was found to be, for the report. */
export interface Reading {
  readonly partition: PartitionName;
  readonly found: VerifyReport['partitions'][number];
  /** Events that no signed head witnesses. */
  readonly unwitnessed: number;
}

export interface ReadingState {
  readonly heads: readonly SignedHead[];
  /** Those found are added. */
  readonly differences: Difference[];
  /** Events read and to be read, over all partitions. */
  readonly progress: { done: number; total: number };
}

/** Walks a partition; messages are compared with the index too. What stops the walk is a difference. */
export async function* readPartition(
  ports: { readonly log: EventLog; readonly ledger: Ledger; readonly index: ArchiveIndex },
  partition: PartitionName,
  { heads, differences, progress }: ReadingState,
): AsyncGenerator<Progress, Reading> {
  const compare = partition.stream === 'im' ? new CompareIndex(ports, partition) : undefined;
  const walk: PartitionWalk = { size: 0, root: '', witnessed: 0 };
  try {
    for await (const step of walkPartition(ports, partition, { heads, walk, compare })) {
      differences.push(...step.differences);
      progress.done += step.events;
      yield { kind: 'progress', ...progress, what: 'events verified' };
      if (differences.length >= maxDifferences) break;
    }
  } catch (error) {
    differences.push(differenceOf(partition, error));
  }
  const { size, root, witnessed } = walk;
  return {
    partition,
    found: { partition: partition.partition, events: size, items: compare?.items ?? 0, root, witnessed },
    unwitnessed: Math.max(size, await endOf(ports.log, partition)) - witnessed,
  };
}

/** A log that cannot be read is named by the walk. */
const endOf = (log: EventLog, { stream, partition }: PartitionName): Promise<number> =>
  log.end(stream, partition).catch(() => 0);

/** What stopped the walk is a difference too: a hole, an unreadable row, a broken chain. */
const differenceOf = ({ stream, partition }: PartitionName, error: unknown): Difference => {
  const what = `${stream} ${partition}: ${error instanceof Error ? error.message : String(error)}`;
  if (!isHoldfastError(error)) return { partition, what };
  const { offset, itemId } = error.details;
  return {
    partition,
    ...(typeof offset === 'number' ? { offset } : {}),
    ...(typeof itemId === 'string' ? { itemId } : {}),
    what,
  };
};
