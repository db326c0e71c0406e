import { HoldfastError } from '../../../core/errors.ts';
import type { Page } from '../../../ports/archive-index.ts';

/** Where an item stands in the order of results: what it is sorted by, partition and first offset. */
export type SortKey = readonly [first: number | string, partition: number, firstOffset: number];

/** A place in the order, not a snapshot: a page after it may be asked for at any time, at the same vector. */
export const writeCursor = (sort: Page['sort'], key: SortKey): string =>
  Buffer.from(JSON.stringify([sort, ...key])).toString('base64url');

export const readCursor = (after: string, sort: Page['sort']): SortKey => {
  const [made, first, partition, firstOffset] = parse(after);
  const isFirst = sort === 'sent' ? Number.isSafeInteger(first) : typeof first === 'string';
  if (made === sort && isFirst && Number.isSafeInteger(partition) && Number.isSafeInteger(firstOffset))
    return [first, partition, firstOffset] as SortKey;
  throw new HoldfastError('BadRequest', {
    detail: `The cursor "${after.slice(0, 100)}" is not one of a page sorted by ${sort}.`,
  });
};

const parse = (after: string): readonly unknown[] => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(after, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
};

/** What the engine sorts by; keywords in the order of their UTF-8 bytes, which is that of code points. */
export const sortOf = (sort: Page['sort']): readonly Readonly<Record<string, 'asc' | 'desc'>>[] => [
  sort === 'sent' ? { sent: 'desc' } : { conversation: 'asc' },
  { partition: 'asc' },
  { firstOffset: 'asc' },
];

/** Newest first, or conversations by code point; then by position. As the engine sorts. */
export const compareKeys = (a: SortKey, b: SortKey): number =>
  compareFirst(a[0], b[0]) || a[1] - b[1] || a[2] - b[2];

const compareFirst = (a: number | string, b: number | string): number =>
  typeof a === 'number' && typeof b === 'number' ? b - a : compareText(String(a), String(b));

export const compareText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
