import type { NewRecord } from '../../services/ports/event-log.ts';

/** Of a hundred events: which of them begin an item of their own, in rows of ten, a conversation a column. */
const rowLength = 10;
const blockLength = 100;
const joined = 5;
const left = 8;
const firstFact = 90;
/** Every conversation but the busy one comes again after this many blocks. */
const blocksAround = 50;

const emoji = ['👍', '❤️', '😂', '🎉', '👀'];
const encoder = new TextEncoder();

/** Seen by `probeOf`; the first event of each hundred has it, and only those that are looked for cost anything. */
const wordOf = (event: number): string => `probe${event}`;

/** The numbers of probes among these events, about two a second. */
export const isProbe = (event: number, perSecond: number): boolean =>
  event % (blockLength * Math.max(1, Math.round(perSecond / 200))) === 0;

export const probeQuery = (events: readonly number[]): string => events.map(wordOf).join(' OR ');

export const probeOf = (body: string): number | undefined => {
  const found = /probe(\d+)$/.exec(body)?.[1];
  return found === undefined ? undefined : Number(found);
};

export const eventId = (event: number): string => `soak-${event}`;

/** The number of an event with this id, if it is ours. */
export const eventOfId = (id: string): number | undefined => {
  const found = /^soak-(\d+)$/.exec(id)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** Whether an item begins with this event; the others are facts of earlier ones. */
export const beginsItem = (event: number): boolean => event % blockLength < firstFact;

/** The item a later fact is about, in the same conversation, some seconds before where there are some. */
export const targetOf = (event: number): number => {
  const block = Math.floor(event / blockLength);
  const back = blocksAround * (1 + (block % 3));
  const slot = rowLength * (1 + (block % 8)) + (event % rowLength);
  return (block >= back ? block - back : block) * blockLength + slot;
};

/** One room has a tenth of all events; the others take turns. */
const conversationOf = (event: number): number => {
  const column = event % rowLength;
  return column === 0 ? 0 : (Math.floor(event / blockLength) % blocksAround) * rowLength + column;
};

const personOf = (number: number) => ({
  id: `p${number}@contoso.com`,
  address: `p${number}@contoso.com`,
  name: `Person ${number}`,
  class: number % 11 === 0 ? 'federated' : 'internal',
});

/** JSON written once, so that making an event is no more than joining pieces. */
const conversationPieces = (): readonly string[] =>
  Array.from({ length: blocksAround * rowLength }, (_, at) => {
    const kind = at % 4 === 0 ? 'room' : 'im';
    const members = Array.from({ length: memberCount(at) }, (_unused, member) =>
      personOf(memberOf(at, member)),
    );
    const conversation = { id: `conversation-${at}`, kind, name: `Conversation ${at}` };
    const roster = { members, complete: true };
    return `"conversation":${JSON.stringify(conversation)},"session":{"id":"soak"},"roster":${JSON.stringify(roster)}`;
  });

const memberCount = (conversation: number): number => (conversation % 4 === 0 ? 8 : 2);
const memberOf = (conversation: number, member: number): number => (conversation * 7 + member * 13) % 400;

/** Events of an installation of instant messaging, each a function of its number. */
export class SoakEvents {
  readonly #texts: readonly string[];
  readonly #bodies: readonly string[];
  readonly #conversations = conversationPieces();
  readonly #actors = Array.from({ length: 400 }, (_, at) => JSON.stringify(personOf(at)));

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#bodies = texts.map((text) => JSON.stringify(text));
  }

  record(event: number, sentAt: string): NewRecord {
    const conversation = conversationOf(event);
    const [type, own] = this.#typed(event);
    const nonce = event.toString(16).padStart(32, '0');
    const actor = this.#actors[memberOf(conversation, event % memberCount(conversation))];
    const data = `{"nonce":"${nonce}","sentAt":"${sentAt}","acceptedAt":"${sentAt}",${this.#conversations[conversation]},"actor":${actor}${own}}`;
    const value = `{"specversion":"1.0","id":"${eventId(event)}","source":"urn:holdfast:soak","type":"holdfast.im.${type}","schemaversion":1,"data":${data}}`;
    return { key: `conversation-${conversation}`, value: encoder.encode(value) };
  }

  #typed(event: number): readonly [type: string, own: string] {
    const slot = event % blockLength;
    if (slot === 0)
      return ['message.sent', `,"body":${JSON.stringify(`${this.#text(event)} ${wordOf(event)}`)}`];
    if (slot === joined) return ['participant.joined', ''];
    if (slot === left) return ['participant.left', ''];
    if (beginsItem(event)) return ['message.sent', `,"body":${this.#body(event)}`];
    const item = `,"item":"${eventId(targetOf(event))}"`;
    if (slot < 94) return ['message.edited', `${item},"body":${this.#body(event)}`];
    if (slot < 97) return ['reaction.added', `${item},"reaction":"${emoji[event % emoji.length]}"`];
    return slot < 99 ? ['receipt.read', item] : ['message.deleted', item];
  }

  #text(event: number): string {
    return this.#texts[(event * 31) % this.#texts.length]!;
  }

  #body(event: number): string {
    return this.#bodies[(event * 31) % this.#bodies.length]!;
  }
}
