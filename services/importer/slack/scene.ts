import { currentSchemaVersion, type ImEvent } from '../../../schemas/events/im-event.ts';
import { maxRosterMembers, type Participant, type Roster } from '../../../schemas/events/participant.ts';
import type { EventId, SessionId } from '../../../schemas/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { importSource } from '../import-record.ts';
import type { ExportedConversation } from './slack-conversations.ts';
import type { SlackMessage } from './slack-message.ts';
import type { SlackPeople } from './slack-people.ts';
import type { NamesInText } from './slack-text.ts';
import { slackInstant } from './slack-time.ts';

type Common = Pick<
  ImEvent['data'],
  'nonce' | 'sentAt' | 'acceptedAt' | 'conversation' | 'session' | 'origin' | 'actor' | 'roster'
>;
type Told = Pick<SlackMessage, 'ts' | 'thread_ts'>;

export interface SceneParts {
  readonly exported: ExportedConversation;
  readonly people: SlackPeople;
  readonly names: NamesInText;
  readonly importId: string;
  readonly clock: Clock;
  readonly nextNonce: () => string;
}

/** Where messages of one conversation happened and among whom: what all their events have in common. */
export class Scene {
  readonly names: NamesInText;
  readonly people: SlackPeople;
  readonly #parts: SceneParts;

  constructor(parts: SceneParts) {
    this.#parts = parts;
    this.names = parts.names;
    this.people = parts.people;
  }

  get channel(): string {
    return this.#parts.exported.channel;
  }

  envelope(id: EventId) {
    const source = importSource('slack');
    const importid = this.#parts.importId;
    return { specversion: '1.0', id, source, schemaversion: currentSchemaVersion, importid } as const;
  }

  /** `at`: when it happened, where that is not when the message was sent. */
  common(
    told: Told,
    actor: Participant,
    { at = told.ts, others = [] as readonly Participant[] } = {},
  ): Common {
    return {
      ...this.setting(slackInstant(at), slackInstant(told.ts), [actor, ...others]),
      actor,
      origin: { source: 'slack', container: this.#placeOf(told) },
    };
  }

  /** The same for what is no message. */
  setting(sentAt: string, sessionAt: string, present: readonly Participant[]) {
    const { nextNonce, clock, exported } = this.#parts;
    return {
      nonce: nextNonce(),
      sentAt,
      acceptedAt: clock.now().toISOString(),
      conversation: exported.conversation,
      session: { id: sessionAt.slice(0, 10) as SessionId },
      roster: this.#roster(present),
    };
  }

  // As Slack names a message, with its thread; not where it stood in the zip, which differs between exports.
  #placeOf({ ts, thread_ts }: Told): string {
    const isReply = thread_ts !== undefined && thread_ts !== ts;
    return [this.channel, ...(isReply ? [thread_ts] : []), ts].join('/');
  }

  // Members of a room are only told as of the export, so nobody is said to have been there who did not take part.
  #roster(present: readonly Participant[]): Roster {
    const { members } = this.#parts.exported;
    const all = [...present, ...(members ?? []).flatMap((id) => this.people.person(id) ?? [])];
    const distinct = [...new Map(all.map((person) => [person.id, person])).values()];
    const [actor] = present;
    const isComplete =
      members !== undefined &&
      distinct.length === members.length &&
      members.some((id) => this.people.person(id)?.id === actor?.id);
    return {
      members: distinct.slice(0, maxRosterMembers),
      complete: isComplete && distinct.length <= maxRosterMembers,
    };
  }
}
