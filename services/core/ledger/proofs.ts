import { HoldfastError } from '../errors.ts';
import { appendLeaf, emptyRoot, hashChildren, rootOf } from './merkle.ts';

/** Leaves `from` (inclusive) to `to` (exclusive) whose subtree root is one hash of a proof. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** What an inclusion proof consists of (RFC 6962 §2.1.1), from the leaf up. */
export const inclusionRanges = (index: number, size: number): LeafRange[] => {
  assertWithin(index >= 0 && index < size, `leaf ${index}`, size);
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
};

/** What a proof consists of that the tree of `oldSize` leaves begins the tree of `size` (RFC 6962 §2.1.2). */
export const consistencyRanges = (oldSize: number, size: number): LeafRange[] => {
  assertWithin(oldSize >= 0 && oldSize <= size, `a tree of ${oldSize}`, size);
  if (oldSize === 0) return [];
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to > oldSize) {
    const middle = from + splitOf(to - from);
    if (oldSize <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  // A verifier that holds the old root needs no hash for the part that is the whole old tree.
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
};

/** Collects subtree roots while leaves pass by once, in order from leaf 0, in memory for the proof alone. */
export interface RangeRoots {
  add(leafHash: string): void;
  /** In the order the ranges were given; throws while leaves are missing. */
  roots(): string[];
}

export const collectRangeRoots = (ranges: readonly LeafRange[]): RangeRoots => {
  const inOrder = [...ranges].sort((a, b) => a.from - b.from);
  const found = new Map<LeafRange, string>();
  let [index, next] = [0, 0];
  let peaks: string[] = [];
  return {
    add(leafHash) {
      const range = inOrder[next];
      if (range !== undefined && index >= range.from) {
        peaks = appendLeaf(peaks, index - range.from, leafHash);
        if (index + 1 === range.to) {
          found.set(range, rootOf(peaks, range.to - range.from));
          peaks = [];
          next += 1;
        }
      }
      index += 1;
    },
    roots() {
      assertWithin(next === inOrder.length, 'the proof asked for', index);
      return ranges.map((range) => found.get(range)!);
    },
  };
};

/** Proof that leaf `index` is in the tree of exactly these leaves. */
export const inclusionProof = (leafHashes: readonly string[], index: number): string[] =>
  rootsOver(leafHashes, inclusionRanges(index, leafHashes.length));

/** Proof that the first `oldSize` of these leaves are the old tree, unchanged. */
export const consistencyProof = (leafHashes: readonly string[], oldSize: number): string[] =>
  rootsOver(leafHashes, consistencyRanges(oldSize, leafHashes.length));

const rootsOver = (leafHashes: Iterable<string>, ranges: readonly LeafRange[]): string[] => {
  const collected = collectRangeRoots(ranges);
  for (const leafHash of leafHashes) collected.add(leafHash);
  return collected.roots();
};

export interface InclusionClaim {
  readonly leafHash: string;
  readonly index: number;
  readonly size: number;
  readonly root: string;
  readonly proof: readonly string[];
}

/** Whether the proof shows that the leaf stands at this index of the tree with this size and root. Never throws. */
export const verifyInclusion = (claim: InclusionClaim): boolean => {
  const { leafHash, index, size, root, proof } = claim;
  if (!isTreeSize(size) || !isTreeSize(index) || index >= size) return false;
  if (![leafHash, root, ...proof].every(isHash)) return false;
  const ranges = inclusionRanges(index, size);
  if (ranges.length !== proof.length) return false;
  const computed = proof.reduce(
    (node, sibling, step) =>
      ranges[step]!.from > index ? hashChildren(node, sibling) : hashChildren(sibling, node),
    leafHash,
  );
  return computed === root;
};

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: string;
  readonly size: number;
  readonly root: string;
  readonly proof: readonly string[];
}

/** Whether the proof shows that the new tree begins with the old one, unchanged. Never throws. */
export const verifyConsistency = (claim: ConsistencyClaim): boolean => {
  const { oldSize, oldRoot, size, root, proof } = claim;
  if (!isTreeSize(oldSize) || !isTreeSize(size) || oldSize > size) return false;
  if (![oldRoot, root, ...proof].every(isHash)) return false;
  if (oldSize === 0 && oldRoot !== emptyRoot) return false;
  if (size === 0 && root !== emptyRoot) return false;
  if (oldSize === size && oldRoot !== root) return false;
  const ranges = consistencyRanges(oldSize, size);
  if (ranges.length !== proof.length) return false;
  if (oldSize === 0 || oldSize === size) return true;
  return recomputes(claim, ranges);
};

const recomputes = (claim: ConsistencyClaim, ranges: readonly LeafRange[]): boolean => {
  const startsInside = ranges[0]!.to === claim.oldSize;
  const start = startsInside ? claim.proof[0]! : claim.oldRoot;
  let [oldNode, node] = [start, start];
  for (const [step, range] of [...ranges.entries()].slice(startsInside ? 1 : 0)) {
    const sibling = claim.proof[step]!;
    if (range.from < claim.oldSize) {
      oldNode = hashChildren(sibling, oldNode);
      node = hashChildren(sibling, node);
    } else {
      node = hashChildren(node, sibling);
    }
  }
  return oldNode === claim.oldRoot && node === claim.root;
};

// The left subtree of RFC 6962: the largest power of two below the number of leaves.
const splitOf = (leaves: number): number => {
  let power = 1;
  while (power * 2 < leaves) power *= 2;
  return power;
};

const isTreeSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0;
const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

const assertWithin = (holds: boolean, what: string, size: number): void => {
  if (!holds)
    throw new HoldfastError('Internal', {
      detail: `There is no proof for ${what} in a tree of ${size} leaves.`,
    });
};
