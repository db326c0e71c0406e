import { hash } from 'node:crypto';
import type { Conversation, ImEvent, ImEventName } from '../../schemas/events/im-event.ts';
import { ImEvent as ImEventSchema } from '../../schemas/events/im-event.ts';
import type { Participant, ParticipantClass } from '../../schemas/events/participant.ts';

export interface PersonFields {
  readonly id: string;
  readonly address?: string;
  readonly name?: string;
  readonly class?: ParticipantClass;
}

export interface EventFields {
  readonly id?: string;
  readonly by?: string;
  /** On the roster beside the actor. */
  readonly others?: readonly PersonFields[];
  readonly conversation?: string;
  readonly kind?: Conversation['kind'];
  readonly session?: string;
  readonly sentAt?: string;
  readonly importId?: string;
}

export const person = ({ id, ...fields }: PersonFields): Participant =>
  ({ id, address: `${id}@contoso.example`, class: 'internal', ...fields }) as Participant;

let made = 0;

/** A valid event with defaults for everything a test does not care about. */
export const buildEvent = (
  name: ImEventName,
  fields: EventFields,
  data: Record<string, unknown> = {},
): ImEvent => {
  made += 1;
  const actor = person({ id: fields.by ?? 'ann' });
  const sentAt = fields.sentAt ?? '2024-01-01T00:00:00.000Z';
  return ImEventSchema.parse({
    specversion: '1.0',
    id: fields.id ?? `event-${made}`,
    source: 'urn:holdfast:test',
    type: `holdfast.im.${name}`,
    schemaversion: 1,
    ...(fields.importId === undefined ? {} : { importid: fields.importId }),
    data: {
      nonce: hash('sha256', String(made), 'hex').slice(0, 32),
      sentAt,
      acceptedAt: sentAt,
      conversation: { id: fields.conversation ?? 'c1', kind: fields.kind ?? 'im' },
      session: { id: fields.session ?? 's1' },
      actor,
      roster: { members: [actor, ...(fields.others ?? []).map(person)], complete: true },
      ...data,
    },
  });
};

export const sent = ({ body, ...fields }: EventFields & { body: string }): ImEvent =>
  buildEvent('message.sent', fields, { body });
export const edited = ({ item, body, ...fields }: EventFields & { item: string; body: string }): ImEvent =>
  buildEvent('message.edited', fields, { item, body });
export const deleted = ({ item, ...fields }: EventFields & { item: string }): ImEvent =>
  buildEvent('message.deleted', fields, { item });
export const reacted = ({
  item,
  reaction,
  removed,
  ...fields
}: EventFields & { item: string; reaction: string; removed?: boolean }): ImEvent =>
  buildEvent(removed === true ? 'reaction.removed' : 'reaction.added', fields, { item, reaction });
export const read = ({ item, ...fields }: EventFields & { item: string }): ImEvent =>
  buildEvent('receipt.read', fields, { item });
export const joined = (fields: EventFields): ImEvent => buildEvent('participant.joined', fields);

export const bytesOf = (event: ImEvent): Uint8Array => Buffer.from(JSON.stringify(event));
