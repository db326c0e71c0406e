import type { IndexDocument } from '../../../../schemas/archive/index-document.ts';
import type { PutBasis, PutOutcome } from '../../../ports/archive-index.ts';
import { partitionOf, placeOf } from './place.ts';
import type { StoredHead } from './stored-item.ts';

export interface PlannedWrite {
  readonly document: IndexDocument;
  /** What it replaces. */
  readonly stored: StoredHead | undefined;
}

export interface PutPlan {
  readonly outcomes: readonly PutOutcome[];
  /** One for each item that changes: its newest document of the batch. */
  readonly writes: readonly PlannedWrite[];
}

export const newestOf = (document: IndexDocument): number =>
  placeOf(document.partition, document.newestOffset);

/** What becomes of each document, in order: a batch may hold several states of one item. */
export const planPut = (
  documents: readonly IndexDocument[],
  stored: ReadonlyMap<string, StoredHead>,
  basis?: PutBasis,
): PutPlan => {
  const writes = new Map<string, PlannedWrite>();
  const outcomes = documents.map((document): PutOutcome => {
    const head = stored.get(document.id);
    const earlier = writes.get(document.id)?.document;
    const newest = earlier === undefined ? head?.newest : newestOf(earlier);
    if (newest !== undefined) {
      if (partitionOf(newest) !== document.partition) return 'occupied';
      const hash = earlier === undefined ? head?.hash : earlier.itemHash;
      if (newest > newestOf(document)) return 'unchanged';
      if (newest === newestOf(document) && hash === document.itemHash) return 'unchanged';
      if (basis !== undefined && basis.get(document.id) !== hash) return 'unchanged';
    }
    writes.set(document.id, { document, stored: head });
    return 'stored';
  });
  return { outcomes, writes: [...writes.values()] };
};
