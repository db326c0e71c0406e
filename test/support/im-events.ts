import type { ImEvent } from '../../schemas/events/im-event.ts';

type MessageSent = Extract<ImEvent, { type: 'holdfast.im.message.sent' }>;

export interface MessageParts {
  readonly id: string;
  readonly body: string;
  readonly from?: string;
  readonly conversation?: string;
  readonly sentAt?: string;
}

/** A message event as JSON that the schema accepts. */
export const messageSent = (parts: MessageParts): object => ({
  specversion: '1.0',
  id: parts.id,
  source: 'urn:holdfast:test',
  type: 'holdfast.im.message.sent' satisfies MessageSent['type'],
  schemaversion: 1,
  data: { ...commonOf(parts), body: parts.body },
});

export const messageEdited = (item: string, parts: MessageParts): object => ({
  specversion: '1.0',
  id: parts.id,
  source: 'urn:holdfast:test',
  type: 'holdfast.im.message.edited',
  schemaversion: 1,
  data: { ...commonOf(parts), item, body: parts.body },
});

export const messageDeleted = (item: string, parts: Omit<MessageParts, 'body'>): object => ({
  specversion: '1.0',
  id: parts.id,
  source: 'urn:holdfast:test',
  type: 'holdfast.im.message.deleted',
  schemaversion: 1,
  data: { ...commonOf(parts), item },
});

export const participantJoined = (parts: Omit<MessageParts, 'body'>): object => ({
  specversion: '1.0',
  id: parts.id,
  source: 'urn:holdfast:test',
  type: 'holdfast.im.participant.joined',
  schemaversion: 1,
  data: commonOf(parts),
});

const commonOf = ({
  from = 'ann',
  conversation = 'room-1',
  sentAt = '2026-03-01T09:00:00.000Z',
}: Omit<MessageParts, 'id' | 'body'>): object => ({
  nonce: '00'.repeat(16),
  sentAt,
  acceptedAt: sentAt,
  conversation: { id: conversation, kind: 'room', name: conversation },
  session: { id: sentAt.slice(0, 10) },
  actor: personOf(from),
  roster: { members: [personOf(from)], complete: false },
});

const personOf = (name: string): object => ({
  id: `${name}@contoso.com`,
  address: `${name}@contoso.com`,
  name,
  class: 'internal',
});

export const linesOf = (events: readonly object[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');
