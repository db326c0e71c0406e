import type { Item, Version } from '../../../schemas/archive/item.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import { beginItem, directionOf } from './begin-item.ts';
import { type Fact, type FirstEvent, isLaterEvent, itemIdOf, type LaterEvent } from './facts.ts';

/** Raised in tests and stored in every leaf when these rules change. */
export const transformVersion = 1;

/**
 * The item after one more fact. Facts of an item arrive in the order of their offsets; one at or below
 * `item.newestOffset` was folded before (a replay) and changes nothing. Pure: same facts, same item.
 */
export const foldFact = (item: Item | undefined, fact: Fact, itemId: ItemId = itemIdOf(fact.event)): Item => {
  if (item !== undefined && fact.offset <= item.newestOffset) return item;
  const { event } = fact;
  if (!isLaterEvent(event)) return beginOrComplete(item, { ...fact, event }, itemId);
  const base = item ?? emptyItem({ ...fact, event }, itemId);
  return { ...addLaterFact(base, { ...fact, event }), newestOffset: fact.offset };
};

/** A second content under a used event id: kept as an item of its own that points to the first. */
export const conflictItem = (fact: Fact, itemId: ItemId, conflictsWith: ItemId): Item => {
  const { event } = fact;
  const own = isLaterEvent(event)
    ? {
        ...addLaterFact(emptyItem({ ...fact, event }, itemId), { ...fact, event }),
        newestOffset: fact.offset,
      }
    : beginItem({ ...fact, event }, itemId);
  return { ...own, conflictsWith };
};

const beginOrComplete = (
  item: Item | undefined,
  fact: Fact & { event: FirstEvent },
  itemId: ItemId,
): Item => {
  const begun = beginItem(fact, itemId);
  if (item === undefined) return begun;
  // The original came after its edits: it brings what it alone knows, and stays version 1.
  const { originalMissing: _, ...facts } = item;
  return {
    ...facts,
    ...begun,
    firstOffset: item.firstOffset,
    ordinal: item.ordinal,
    newestOffset: fact.offset,
    versions: [...begun.versions, ...item.versions],
  };
};

const emptyItem = (fact: Fact & { event: LaterEvent }, id: ItemId): Item => {
  const { data, importid } = fact.event;
  return {
    id,
    generation: fact.generation,
    partition: fact.partition,
    firstOffset: fact.offset,
    newestOffset: fact.offset,
    kind: data.conversation.kind,
    event: 'message',
    conversation: data.conversation,
    session: data.session.id,
    ordinal: fact.offset,
    direction: directionOf([data.actor, ...data.roster.members]),
    versions: [],
    originalMissing: true,
    ...(data.origin === undefined ? {} : { origin: data.origin }),
    ...(importid === undefined ? {} : { importId: importid }),
  };
};

const addLaterFact = (item: Item, fact: Fact & { event: LaterEvent }): Item => {
  const { event } = fact;
  const at = item.importId === undefined ? fact.loggedAt.toISOString() : event.data.sentAt;
  const mark = { eventId: event.id, offset: fact.offset, by: event.data.actor, at };
  switch (event.type) {
    case 'holdfast.im.message.edited':
      return { ...item, versions: [...item.versions, editedVersion(item, { ...fact, event })] };
    case 'holdfast.im.message.deleted':
      // The first deletion is the one that took it away; a second changes nothing but is in the ledger.
      return item.deletion === undefined
        ? {
            ...item,
            deletion: { ...mark, ...(event.data.reason === undefined ? {} : { reason: event.data.reason }) },
          }
        : item;
    case 'holdfast.im.reaction.added':
      return { ...item, reactions: [...(item.reactions ?? []), { ...mark, reaction: event.data.reaction }] };
    case 'holdfast.im.reaction.removed':
      return {
        ...item,
        reactions: [...(item.reactions ?? []), { ...mark, reaction: event.data.reaction, removed: true }],
      };
    case 'holdfast.im.receipt.delivered':
      return { ...item, receipts: [...(item.receipts ?? []), { ...mark, kind: 'delivered' }] };
    case 'holdfast.im.receipt.read':
      return { ...item, receipts: [...(item.receipts ?? []), { ...mark, kind: 'read' }] };
  }
};

const editedVersion = (
  item: Item,
  fact: Fact & { event: Extract<LaterEvent, { type: 'holdfast.im.message.edited' }> },
): Version => {
  const { event } = fact;
  const previous = item.versions.at(-1);
  return {
    number: Math.max(previous?.number ?? 1, 1) + 1,
    eventId: event.id,
    offset: fact.offset,
    sentAt: event.data.sentAt,
    acceptedAt: event.data.acceptedAt,
    loggedAt: fact.loggedAt.toISOString(),
    author: event.data.actor,
    roster: event.data.roster,
    ...(event.data.subject === undefined ? {} : { subject: event.data.subject }),
    body: event.data.body,
    // An edit changes the text; the files stay with the message.
    ...(previous?.attachments === undefined ? {} : { attachments: previous.attachments }),
  };
};
