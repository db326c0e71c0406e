import type { OutcomeKind } from '../../../schemas/archive/ledger.ts';
import { messageEdited, messageSent, participantJoined } from '../../support/im-events.ts';

/** What a poison is made for: a number of its own, so that no two are alike, and the conversation it stands in. */
export interface Place {
  readonly id: string;
  readonly conversation: string;
}

export interface Poison {
  readonly name: string;
  /** Null: a mark of deletion, which only Kafka takes. */
  readonly value: (place: Place) => Uint8Array | null;
  /** What must become of it. `refused` by the door: beyond what any log takes. */
  readonly becomes: OutcomeKind | 'turned away';
  /** No request can bring it. */
  readonly isRawOnly?: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const message = ({ id, conversation }: Place, body = 'poisoned words'): Json =>
  messageSent({ id, body, conversation }) as Json;
const bytesOf = (json: unknown): Uint8Array => Buffer.from(JSON.stringify(json));
const dataOf = (json: Json): Json => json.data as Json;

/** Quarantined: one text of it put in place of another. */
const spoiled = (name: string, from: string | RegExp, to: string): Poison => ({
  name,
  value: (place) => Buffer.from(JSON.stringify(message(place)).replace(from, () => to)),
  becomes: 'quarantined',
});

/** Quarantined: other members of its event or its data. */
const changed = (name: string, more: Json, data: Json = {}): Poison => ({
  name,
  value: (place) => {
    const event = message(place);
    return bytesOf({ ...event, ...more, data: { ...dataOf(event), ...data } });
  },
  becomes: 'quarantined',
});

const raw = (name: string, text: (id: string) => string | Uint8Array): Poison => ({
  name,
  value: ({ id }) => Buffer.from(text(id)),
  becomes: 'quarantined',
});

const legal = (name: string, body: string): Poison => ({
  name,
  value: (place) => bytesOf(message(place, body)),
  becomes: 'archived',
});

const bytesBefore = (id: string, ...bytes: readonly number[]): Uint8Array =>
  Buffer.concat([Buffer.from(bytes), Buffer.from(id)]);

const kibibyte = 1024;
const member = { id: 'P', address: 'p@contoso.com', class: 'internal' };

/** An id that every load has used before: as its own message says, and what that message says. */
export const firstOf = (conversation: string): Place => ({ id: `first-of-${conversation}`, conversation });
export const firstMessage = (conversation: string): Uint8Array => bytesOf(message(firstOf(conversation)));
/** An item of a conversation that is not the load's. */
export const foreignItem = 'item-of-another-conversation';
export const foreignMessage = bytesOf(
  messageSent({ id: foreignItem, body: 'elsewhere', conversation: 'c0' }),
);

/** Forty that have stopped pipelines like this one. */
export const poisons: readonly Poison[] = [
  raw('empty', () => ''),
  raw('not JSON', (id) => `hello ${id}`),
  raw('cut short', (id) => `{"specversion":"1.0","id":"${id}","da`),
  raw('NUL bytes', (id) => bytesBefore(id, 0, 0, 0)),
  raw('a zip', (id) => bytesBefore(id, 0x50, 0x4b, 3, 4, 20, 0)),
  raw('UTF-16', (id) => Buffer.from(`\ufeff{"id":"${id}"}`, 'utf16le')),
  raw('a byte order mark', (id) => `\ufeff{"id":"${id}"}`),
  raw('depth of 10,000 arrays', (id) => `${'['.repeat(10_000)}"${id}"${']'.repeat(10_000)}`),
  raw('depth of 10,000 objects', (id) => `${'{"a":'.repeat(10_000)}"${id}"${'}'.repeat(10_000)}`),
  raw('an array', (id) => `[{"id":"${id}"}]`),
  raw(
    'an event of somebody else',
    (id) => `{"specversion":"1.0","type":"com.example.order","id":"${id}","data":{}}`,
  ),
  raw('lines in one record', (id) => `{"a":"${id}"} {"b":1}`),
  {
    name: 'invalid UTF-8',
    value: (place) => Buffer.from(JSON.stringify(message(place)).replace('poisoned', '\xff\xfe'), 'latin1'),
    becomes: 'quarantined',
  },
  spoiled('a lone surrogate', 'poisoned', '\\ud800'),
  spoiled('a surrogate the wrong way round', 'poisoned', '\\udc00\\ud83d'),
  spoiled('a raw NUL in text', 'poisoned', '\0'),
  spoiled('a raw tab in text', 'poisoned', '\t'),
  spoiled('__proto__ of the event', '{', '{"__proto__":{"type":"x"},'),
  spoiled('__proto__ of the data', '"data":{', '"data":{"__proto__":{"body":"x"},'),
  spoiled('a number beyond all numbers', '"body":', '"attachments":[{"name":"a","sizeBytes":1e400}],"body":'),
  spoiled(
    'a number of 100,000 digits',
    '"body":',
    `"attachments":[{"name":"a","sizeBytes":${'9'.repeat(100_000)}}],"body":`,
  ),
  spoiled('a control character in the id', '"id":"', '"id":"\\u0001'),
  changed('unknown type', { type: 'holdfast.im.message.teleported' }),
  changed('newer version', { schemaversion: 2 }),
  changed('version as text', { schemaversion: '1' }),
  changed('unknown field', { constructor: { prototype: 1 } }),
  changed('text as number', {}, { body: 42 }),
  changed('object as text: a mapping clash', {}, { conversation: 'c1' }),
  changed('array as object', {}, { roster: { members: { 0: member }, complete: true } }),
  changed('year 0', {}, { sentAt: '0000-01-01T00:00:00.000Z' }),
  changed('30 February', {}, { sentAt: '2024-02-30T00:00:00.000Z' }),
  changed('a keyword of 70 kB', {}, { session: { id: 'k'.repeat(70_000) } }),
  changed('a roster of 5,000', {}, { roster: { members: Array(5000).fill(member), complete: true } }),
  changed('a body of a byte too much', {}, { body: 'x'.repeat(256 * kibibyte + 1) }),
  {
    name: 'an edit of an item of another conversation',
    value: ({ id, conversation }) => bytesOf(messageEdited(foreignItem, { id, body: 'mine', conversation })),
    becomes: 'quarantined',
  },
  {
    name: 'a body of 10 MB',
    value: (place) => bytesOf(message(place, 'x'.repeat(10_000 * kibibyte))),
    becomes: 'turned away',
  },
  {
    name: 'an id used before, with other content',
    value: ({ id, conversation }) => bytesOf(message(firstOf(conversation), `not what ${id} said`)),
    becomes: 'conflict',
  },
  {
    name: 'an id used before, with the same content',
    value: ({ conversation }) => firstMessage(conversation),
    becomes: 'duplicate',
  },
  // Legal, and so archived: a name twice means its last value to every JSON reader; NUL is a character; so are these.
  {
    name: 'a name twice',
    value: (place) =>
      Buffer.from(JSON.stringify(message(place)).replace('"body":', '"body":"first","body":')),
    becomes: 'archived',
  },
  legal('a word of 256 KiB, and NUL', `${'x'.repeat(256 * kibibyte - 8)} \0 `),
];

/** Besides, where the log itself can be written to by others. */
export const kafkaPoisons: readonly Poison[] = [
  { name: 'a mark of deletion', value: () => null, becomes: 'control', isRawOnly: true },
  {
    name: 'a record of 1.9 MB',
    value: (place) => bytesOf(message(place, 'x'.repeat(1_900_000))),
    becomes: 'quarantined',
    isRawOnly: true,
  },
];

/** Ordinary load. */
export const ordinary = (id: string, conversation: string): Uint8Array =>
  bytesOf(
    id.endsWith('0')
      ? participantJoined({ id, conversation })
      : messageSent({ id, body: `words of ${id} 회의록`, conversation }),
  );
