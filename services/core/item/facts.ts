import type { ImEvent } from '../../../schemas/events/im-event.ts';
import type { ItemId } from '../../../schemas/ids.ts';

/** An event at its place in the log: what items are folded from. */
export interface Fact {
  readonly event: ImEvent;
  readonly generation: number;
  readonly partition: number;
  readonly offset: number;
  readonly loggedAt: Date;
}

type LaterFactType =
  | 'holdfast.im.message.edited'
  | 'holdfast.im.message.deleted'
  | 'holdfast.im.reaction.added'
  | 'holdfast.im.reaction.removed'
  | 'holdfast.im.receipt.delivered'
  | 'holdfast.im.receipt.read';
/** An event that adds to an item which another event began. */
export type LaterEvent = Extract<ImEvent, { type: LaterFactType }>;
/** An event that begins an item of its own. */
export type FirstEvent = Exclude<ImEvent, LaterEvent>;

export const isLaterEvent = (event: ImEvent): event is LaterEvent => 'item' in event.data;

/** The item an event goes into when nothing conflicts. */
export const itemIdOf = (event: ImEvent): ItemId =>
  isLaterEvent(event) ? event.data.item : (event.id as string as ItemId);

/** The item of a second content under a used event id. `contentHash`: SHA-256 hex. */
export const conflictItemId = (eventId: string, contentHash: string): ItemId =>
  `${eventId.slice(0, 256 - 17)}~${contentHash.slice(0, 16)}` as ItemId;
