import type { LeafEntry } from '../../../schemas/archive/ledger.ts';
import { type LeafPartition, leafHashOf } from './leaf.ts';
import { appendLeaf, rootOf } from './merkle.ts';

/** The frontier after these entries, which must continue it offset by offset. */
export const extendFrontier = (
  frontier: { readonly size: number; readonly peaks: readonly string[] },
  partition: LeafPartition,
  entries: readonly LeafEntry[],
): { readonly size: number; readonly root: string; readonly peaks: readonly string[] } => {
  let { size, peaks } = frontier;
  for (const entry of entries) {
    peaks = appendLeaf(peaks, size, leafHashOf(partition, entry));
    size += 1;
  }
  return { size, root: rootOf(peaks, size), peaks };
};
