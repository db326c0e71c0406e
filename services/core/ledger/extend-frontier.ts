import type { LeafEntry } from '../../../schemas/archive/ledger.ts';
import { type LeafPartition, leafHashOf } from './leaf.ts';
import { appendLeaf, rootOf } from './merkle.ts';

interface Grown {
  readonly size: number;
  readonly root: string;
  readonly peaks: readonly string[];
}

interface Known {
  /** What the entries were appended to. */
  readonly before: string;
  readonly after: Grown;
}

/** An archiver computes a root to propose it, and its ledger computes it again to judge: the same list is hashed once. */
const known = new WeakMap<readonly LeafEntry[], Known>();

/** The frontier after these entries, which must continue it offset by offset. The entries must not change afterwards. */
export const extendFrontier = (
  frontier: { readonly size: number; readonly peaks: readonly string[] },
  partition: LeafPartition,
  entries: readonly LeafEntry[],
): Grown => {
  const before = beforeOf(frontier, partition);
  const remembered = known.get(entries);
  if (remembered?.before === before) return remembered.after;
  let { size, peaks } = frontier;
  for (const entry of entries) {
    peaks = appendLeaf(peaks, size, leafHashOf(partition, entry));
    size += 1;
  }
  const after = { size, root: rootOf(peaks, size), peaks };
  known.set(entries, { before, after });
  return after;
};

const beforeOf = (
  { size, peaks }: { readonly size: number; readonly peaks: readonly string[] },
  { stream, generation, partition }: LeafPartition,
): string => [stream, generation, partition, size, ...peaks].join(' ');
