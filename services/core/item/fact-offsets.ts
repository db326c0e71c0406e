import type { Item } from '../../../schemas/archive/item.ts';
import { decodeEvent } from '../conversation/decode-event.ts';

/** Where the facts of an item stand that left a mark in it, in no order. A second deletion leaves none. */
export const factOffsets = (item: Item): number[] => [
  ...item.versions.map(({ offset }) => offset),
  ...(item.deletion === undefined ? [] : [item.deletion.offset]),
  ...(item.reactions ?? []).map(({ offset }) => offset),
  ...(item.receipts ?? []).map(({ offset }) => offset),
];

/** Whether these logged bytes delete what the item says was deleted before this offset. */
export const isSecondDeletion = (item: Item, value: Uint8Array, offset: number): boolean => {
  if (item.deletion === undefined || item.deletion.offset >= offset) return false;
  const decoded = decodeEvent(value);
  return decoded.ok && decoded.event.type === 'holdfast.im.message.deleted';
};
