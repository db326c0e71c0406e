import type { Item } from '../../../schemas/archive/item.ts';

/** Where the facts of an item stand that left a mark in it, in no order. A second deletion leaves none. */
export const factOffsets = (item: Item): number[] => [
  ...item.versions.map(({ offset }) => offset),
  ...(item.deletion === undefined ? [] : [item.deletion.offset]),
  ...(item.reactions ?? []).map(({ offset }) => offset),
  ...(item.receipts ?? []).map(({ offset }) => offset),
];
