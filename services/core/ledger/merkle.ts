import { hash } from 'node:crypto';
import { HoldfastError } from '../errors.ts';

// RFC 6962 §2.1. Hashes are lower-case hex everywhere, as in LeafEntry and Frontier.

const leafPrefix = Buffer.from([0]);

/** Root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = hash('sha256', '', 'hex');

/** Hash of a leaf's bytes: SHA-256 of 0x00 and the bytes. */
export const hashLeaf = (bytes: Uint8Array): string =>
  hash('sha256', Buffer.concat([leafPrefix, bytes]), 'hex');

/** Hash of an inner node: SHA-256 of 0x01 and both children. */
export const hashChildren = (left: string, right: string): string =>
  hash('sha256', Buffer.from(`01${left}${right}`, 'hex'), 'hex');

/**
 * Peaks of the tree after one more leaf. `peaks` are the roots of the perfect subtrees of a tree of `size` leaves,
 * left to right, largest first: one for each binary one of `size`.
 */
export const appendLeaf = (peaks: readonly string[], size: number, leafHash: string): string[] => {
  assertPeaks(peaks, size);
  const next = [...peaks];
  let node = leafHash;
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) node = hashChildren(next.pop()!, node);
  next.push(node);
  return next;
};

/** Root of the tree of `size` leaves whose perfect subtrees have these roots. */
export const rootOf = (peaks: readonly string[], size: number): string => {
  assertPeaks(peaks, size);
  return peaks.length === 0 ? emptyRoot : peaks.reduceRight((right, left) => hashChildren(left, right));
};

/** Root of a whole tree at once. */
export const rootOfLeaves = (leafHashes: Iterable<string>): string => {
  let peaks: string[] = [];
  let size = 0;
  for (const leafHash of leafHashes) {
    peaks = appendLeaf(peaks, size, leafHash);
    size += 1;
  }
  return rootOf(peaks, size);
};

const assertPeaks = (peaks: readonly string[], size: number): void => {
  if (peaks.length !== countOnes(size)) {
    throw new HoldfastError('Internal', {
      detail: `A tree of ${size} leaves cannot have ${peaks.length} peaks.`,
    });
  }
};

// Shifts would cut sizes to 32 bits.
const countOnes = (size: number): number => {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
};
