import type { Item, ItemEvent, Version } from '../../../schemas/archive/item.ts';
import type { Participant } from '../../../schemas/events/participant.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import type { Fact, FirstEvent } from './facts.ts';

const itemEventOf: Record<FirstEvent['type'], ItemEvent> = {
  'holdfast.im.message.sent': 'message',
  'holdfast.im.file.shared': 'message',
  'holdfast.im.conversation.started': 'start',
  'holdfast.im.conversation.ended': 'end',
  'holdfast.im.conversation.escalated': 'escalate',
  'holdfast.im.participant.invited': 'invite',
  'holdfast.im.participant.joined': 'join',
  'holdfast.im.participant.left': 'leave',
  'holdfast.im.participant.removed': 'remove',
  'holdfast.im.participant.renamed': 'rename',
  'holdfast.im.room.created': 'create',
  'holdfast.im.room.topic-changed': 'topic',
  'holdfast.im.room.mode-changed': 'mode',
};

/** The item a first event begins, with everything that event alone knows. */
export const beginItem = (fact: Fact & { event: FirstEvent }, id: ItemId): Item => {
  const { event, offset } = fact;
  const { data } = event;
  return {
    id,
    generation: fact.generation,
    partition: fact.partition,
    firstOffset: offset,
    newestOffset: offset,
    kind: event.type === 'holdfast.im.file.shared' ? 'file' : data.conversation.kind,
    event: itemEventOf[event.type],
    conversation: data.conversation,
    session: data.session.id,
    ordinal: offset,
    direction: directionOf([data.actor, ...data.roster.members]),
    versions: [firstVersion(fact)],
    ...ofType(event),
    ...(data.origin === undefined ? {} : { origin: data.origin }),
    ...(event.importid === undefined ? {} : { importId: event.importid }),
  };
};

/** External as soon as one who took part is not an account of the organisation. */
export const directionOf = (participants: readonly Participant[]): Item['direction'] =>
  participants.every((participant) => participant.class === 'internal') ? 'internal' : 'external';

const firstVersion = (fact: Fact & { event: FirstEvent }): Version => {
  const { event } = fact;
  return {
    number: 1,
    eventId: event.id,
    offset: fact.offset,
    sentAt: event.data.sentAt,
    acceptedAt: event.data.acceptedAt,
    loggedAt: fact.loggedAt.toISOString(),
    author: event.data.actor,
    roster: event.data.roster,
    ...contentOf(event),
  };
};

const contentOf = (event: FirstEvent): Pick<Version, 'subject' | 'body' | 'attachments'> => {
  if (event.type === 'holdfast.im.file.shared') return { attachments: [event.data.file] };
  if (event.type !== 'holdfast.im.message.sent') return {};
  const { subject, body, attachments } = event.data;
  return {
    ...(subject === undefined ? {} : { subject }),
    body,
    ...(attachments === undefined ? {} : { attachments }),
  };
};

/** Fields of the item that only some event types have. */
const ofType = (event: FirstEvent): Partial<Item> => {
  switch (event.type) {
    case 'holdfast.im.message.sent': {
      const { action, notice, importance, mentions, replyTo } = event.data;
      return defined({ action, notice, importance, mentions, replyTo });
    }
    case 'holdfast.im.participant.invited':
    case 'holdfast.im.participant.renamed':
      return { subjectPerson: event.data.participant };
    case 'holdfast.im.participant.removed':
      return { subjectPerson: event.data.participant, ...defined({ detail: event.data.reason }) };
    case 'holdfast.im.participant.left':
      return defined({ detail: event.data.reason });
    case 'holdfast.im.room.topic-changed':
      return { detail: event.data.topic };
    case 'holdfast.im.room.mode-changed':
      return { detail: event.data.mode };
    case 'holdfast.im.conversation.escalated':
      return {
        detail:
          event.data.toConversation === undefined
            ? event.data.to
            : `${event.data.to} ${event.data.toConversation}`,
      };
    default:
      return {};
  }
};

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const defined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
