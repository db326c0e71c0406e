import type { Difference } from '../../schemas/api/archive-operations.ts';
import type { PartitionName } from '../ports/ledger.ts';

/** A difference at one offset of a partition; `what` says what was expected and what was found. */
export const differing = (
  { stream, partition }: PartitionName,
  offset: number,
  what: string,
): Difference => ({ partition, offset, what: `${stream}: ${what}` });
