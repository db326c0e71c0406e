import type { Difference } from '../../../schemas/api/archive-operations.ts';

/** One change behind the archive's back. */
export interface Change {
  /** What was done and where, for the line of a violation. */
  readonly what: string;
  /** Whether this difference names what was touched; absent where a byte of a file belongs to nothing one could name. */
  readonly isNamedBy?: (difference: Difference) => boolean;
}

export const namesItem =
  (...ids: readonly string[]) =>
  ({ itemId, what }: Difference): boolean =>
    ids.some((id) => itemId === id || what.includes(id));

export const namesPlace =
  (partition: number, from: number, to = from + 1) =>
  (difference: Difference): boolean =>
    difference.partition === partition &&
    difference.offset !== undefined &&
    difference.offset >= from &&
    difference.offset <= to;

export const namesPartition =
  (partition: number) =>
  (difference: Difference): boolean =>
    difference.partition === partition;

export const says =
  (words: RegExp) =>
  ({ what }: Difference): boolean =>
    words.test(what);
