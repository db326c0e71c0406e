import { currentSchemaVersion, type ImEvent } from '../../../schemas/events/im-event.ts';
import type { Participant } from '../../../schemas/events/participant.ts';
import type { EventId, PersonId } from '../../../schemas/ids.ts';
import { importSource } from '../import-record.ts';
import { foldNick } from './nick.ts';
import type { IrcLine } from './parse-irc-line.ts';

type Common = Pick<
  ImEvent['data'],
  'nonce' | 'sentAt' | 'acceptedAt' | 'conversation' | 'session' | 'origin'
>;

export interface IrcFacts {
  readonly id: EventId;
  readonly importId: string;
  readonly common: Common;
  /** Nicks the message addresses. */
  readonly addressed: readonly string[];
  /** The topic last seen in the file, for lines that only tell who set it. */
  readonly lastTopic: string;
}

export type ReadableLine = Exclude<IrcLine, { form: 'unreadable' }>;

/** The event of a line. Who else was in the channel is not told by its log, so no roster is complete. */
export const toEvent = (line: ReadableLine, facts: IrcFacts): ImEvent => {
  const envelope = {
    specversion: '1.0',
    id: facts.id,
    source: importSource('irc'),
    schemaversion: currentSchemaVersion,
    importid: facts.importId,
  } as const;
  const by = (actor: Participant, ...others: Participant[]) => ({
    ...facts.common,
    actor,
    roster: { members: [actor, ...others.filter(({ id }) => id !== actor.id)], complete: false },
  });
  switch (line.form) {
    case 'message':
      return { ...envelope, type: 'holdfast.im.message.sent', data: messageOf(line, facts, by) };
    case 'joined':
      return { ...envelope, type: 'holdfast.im.participant.joined', data: by(personOf(line.nick)) };
    case 'left': {
      const data = { ...by(personOf(line.nick)), ...reasonOf(line) };
      return { ...envelope, type: 'holdfast.im.participant.left', data };
    }
    case 'removed': {
      const participant = personOf(line.nick);
      const data = { ...by(personOf(line.by), participant), participant, ...reasonOf(line) };
      return { ...envelope, type: 'holdfast.im.participant.removed', data };
    }
    case 'renamed': {
      const participant = personOf(line.newNick);
      const data = { ...by(personOf(line.nick), participant), participant };
      return { ...envelope, type: 'holdfast.im.participant.renamed', data };
    }
    case 'topic': {
      const actor = personOf(line.nick ?? channelOf(facts.common));
      const data = { ...by(actor), topic: line.topic ?? facts.lastTopic };
      return { ...envelope, type: 'holdfast.im.room.topic-changed', data };
    }
    case 'mode':
      return {
        ...envelope,
        type: 'holdfast.im.room.mode-changed',
        data: { ...by(personOf(line.nick)), mode: line.mode },
      };
  }
};

const messageOf = (
  line: Extract<IrcLine, { form: 'message' }>,
  { addressed }: IrcFacts,
  by: (actor: Participant, ...others: Participant[]) => Common & Pick<ImEvent['data'], 'actor' | 'roster'>,
) => {
  const persons = addressed.map(personOf);
  return {
    ...by(personOf(line.nick), ...persons),
    body: line.text,
    ...(line.as === 'action' ? { action: true as const } : {}),
    ...(line.as === 'notice' ? { notice: true as const } : {}),
    ...(persons.length === 0 ? {} : { mentions: persons.map(({ id }) => id) }),
  };
};

/** Nobody vouches for a nick: the address is the nick as written, the person everybody who bore it. */
const personOf = (nick: string): Participant => ({
  id: `irc:${foldNick(nick)}` as PersonId,
  address: nick,
  class: 'anonymous',
});

// A topic the log merely told is the channel's own.
const channelOf = ({ conversation }: Common): string => conversation.name ?? conversation.id;

const reasonOf = ({ reason }: { readonly reason?: string }): { reason?: string } =>
  reason === undefined ? {} : { reason };
