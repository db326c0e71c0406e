import { type ImEvent, type ImEventName, imEventSchemas } from '../../../schemas/events/im-event.ts';
import type { Dice } from '../../support/dice.ts';
import { buildEvent } from '../../support/event-builder.ts';
import { damageBytes, mutateJson } from './mutate.ts';

const bob = { id: 'bob', address: 'bob@contoso.example', name: 'Bob', class: 'federated' };
const file = { name: 'plan.pdf', mediaType: 'application/pdf', sizeBytes: 12, sha256: '0'.repeat(64) };

/** What the types hold besides what all have, with every field that need not be there. */
const fields: Partial<Record<ImEventName, Record<string, unknown>>> = {
  'conversation.escalated': { to: 'meeting', toConversation: 'c9' },
  'participant.invited': { participant: bob },
  'participant.left': { reason: 'quit' },
  'participant.removed': { participant: bob, reason: 'kicked' },
  'participant.renamed': { participant: bob },
  'message.sent': {
    subject: 'Plan',
    body: 'alpha beta 회의록 $100',
    action: true,
    importance: 'high',
    mentions: ['bob'],
    replyTo: 'item-1',
    attachments: [file],
  },
  'message.edited': { item: 'item-1', body: 'alpha gamma' },
  'message.deleted': { item: 'item-1', reason: 'slip' },
  'reaction.added': { item: 'item-1', reaction: '👍' },
  'reaction.removed': { item: 'item-1', reaction: '👍' },
  'receipt.delivered': { item: 'item-1', device: 'phone' },
  'receipt.read': { item: 'item-1' },
  'file.shared': { file },
  'room.topic-changed': { topic: 'Quarter' },
  'room.mode-changed': { mode: '+o bob' },
};

const names = Object.keys(imEventSchemas) as ImEventName[];
const seeds: readonly ImEvent[] = names.map((name) =>
  buildEvent(name, { id: 'seed', others: [{ id: 'bob', name: 'Bob' }] }, fields[name]),
);

/** A line of events: one of the 19 types, valid at first, with ids that often meet those of other inputs. */
export const eventInput = (dice: Dice): Buffer => {
  const seed = dice.pick(seeds);
  const item = { item: `event-${dice.below(400)}` };
  const event = {
    ...seed,
    id: `event-${dice.below(4000)}`,
    data: {
      ...seed.data,
      ...('item' in seed.data ? item : {}),
      conversation: { ...seed.data.conversation, id: `c${dice.below(6)}` },
    },
  };
  const text = dice.oneIn(30) ? JSON.stringify(event, undefined, 1) : mutateJson(dice, event);
  return damageBytes(dice, Buffer.from(text));
};

const lineEnd = /[\r\n]/g;

/** As one line of a request: what would split it is a blank. */
export const eventLine = (dice: Dice): Buffer =>
  Buffer.from(eventInput(dice).toString('latin1').replaceAll(lineEnd, ' '), 'latin1');
