import { maxTokenLength } from './special-tokens.ts';

/** Between two digit groups stands exactly one of these; they are one number written in groups. */
export const isGroupSeparator = (character: string): boolean =>
  character === '-' || character === '.' || character === ' ' || character === '\u2010';

/** A run of more groups than this is joined in all its windows of this many. */
export const maxGroups = 8;

/**
 * Calls `found(first, last, text)` for every two or more neighbouring groups, because other numbers may stand beside
 * the one that is looked for: `2024-01-15 10:30` must be found by `20240115`.
 */
export const joinGroups = (
  groups: readonly string[],
  found: (first: number, last: number, text: string) => void,
): void => {
  for (let first = 0; first < groups.length - 1; first += 1)
    joinGroupsFrom(groups, first, (last, text) => found(first, last, text));
};

/** The same for those that begin with the group `first`. */
export const joinGroupsFrom = (
  groups: readonly string[],
  first: number,
  found: (last: number, text: string) => void,
): void => {
  let text = groups[first]!;
  const end = Math.min(groups.length, first + maxGroups);
  for (let last = first + 1; last < end; last += 1) {
    text += groups[last]!;
    if (text.length > maxTokenLength) break;
    found(last, text);
  }
};
