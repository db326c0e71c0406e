import type { Item } from '../../schemas/archive/item.ts';
import { message as someMessage } from './ask-index.ts';
import type { ItemSpec } from './item-builder.ts';

/** A message that `words` finds. */
export const message = (id: string, offset: number, spec: ItemSpec = {}): Item =>
  someMessage(id, offset, { body: `words of ${id}`, ...spec });

/** Later facts made the item newer without touching its text. */
export const withReceipt = (item: Item, offset: number): Item => {
  const by = item.versions[0]!.author;
  const receipt = { eventId: `receipt-${offset}`, offset, by, at: '2024-03-02T00:00:00.000Z', kind: 'read' };
  return { ...item, newestOffset: offset, receipts: [receipt as NonNullable<Item['receipts']>[number]] };
};
