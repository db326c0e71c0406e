import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { PutBasis, PutOutcome } from '../../ports/archive-index.ts';
import type { StoredHead } from './read-heads.ts';

export interface PutPlan {
  readonly outcomes: readonly PutOutcome[];
  /** The newest of the documents, if it is to be written. */
  readonly document: IndexDocument | undefined;
}

/** What becomes of the states of one item, in order, where this is stored. */
export const planPut = (
  documents: readonly IndexDocument[],
  stored: StoredHead | undefined,
  basis?: PutBasis,
): PutPlan => {
  let newest: Pick<IndexDocument, 'partition' | 'newestOffset' | 'itemHash'> | undefined = stored;
  let document: IndexDocument | undefined;
  const outcomes = documents.map((next): PutOutcome => {
    if (newest !== undefined) {
      if (newest.partition !== next.partition) return 'occupied';
      if (newest.newestOffset > next.newestOffset) return 'unchanged';
      if (newest.newestOffset === next.newestOffset && newest.itemHash === next.itemHash) return 'unchanged';
      if (basis !== undefined && basis.get(next.id) !== newest.itemHash) return 'unchanged';
    }
    newest = next;
    document = next;
    return 'stored';
  });
  return { outcomes, document };
};
