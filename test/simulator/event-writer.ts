import { hash } from 'node:crypto';
import type { ImEventName } from '../../schemas/events/im-event.ts';
import { buildEvent, bytesOf, person } from '../support/event-builder.ts';
import type { Dice } from './dice.ts';

/** An event as it will be appended, with what the oracle needs to know of it without reading it. */
export interface PlannedEvent {
  readonly id: string;
  /** The message that a later fact is about. */
  readonly about?: string;
  /** Conversation, and key in the log. */
  readonly conversation: string;
  readonly bytes: Uint8Array;
}

export const people = ['ann', 'bob', 'cat', 'dan'];

/** Every kind of event that has no words of its own and is about no other. */
const wordless: readonly (readonly [ImEventName, Readonly<Record<string, unknown>>])[] = [
  ['conversation.started', {}],
  ['conversation.ended', {}],
  ['conversation.escalated', { to: 'meeting' }],
  ['participant.invited', { participant: person({ id: 'dan' }) }],
  ['participant.joined', {}],
  ['participant.left', {}],
  ['participant.removed', { participant: person({ id: 'cat' }) }],
  ['participant.renamed', { participant: person({ id: 'bob' }) }],
  ['file.shared', { file: { name: 'report.txt' } }],
  ['room.created', {}],
  ['room.topic-changed', { topic: 'agenda' }],
  ['room.mode-changed', { mode: '+m' }],
];

/** What an importer could not read. */
const unparsed = (id: string): string =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: 'urn:holdfast:test',
    type: 'holdfast.import.unparsed',
    schemaversion: 1,
    data: { origin: { source: 'irc', container: 'day.txt' }, reason: 'it fits nothing', bytes: 'Pz8=' },
  });

/** Makes events of all kinds about what was said before or will be said later. */
export class EventWriter {
  readonly #dice: Dice;
  readonly #usesIdsElsewhere: boolean;
  readonly #conversations: readonly string[];
  readonly #written: PlannedEvent[] = [];
  /** Referred to already, and not said yet. */
  readonly #promised: { readonly id: string; readonly conversation: string }[] = [];
  /** Nobody edits or reads a join or a file. */
  readonly #wordless = new Set<string>();
  readonly #closed = new Set<string>();
  readonly #words: string[] = [];
  #count = 0;

  constructor(dice: Dice, { usesIdsElsewhere }: { readonly usesIdsElsewhere: boolean }) {
    this.#dice = dice;
    this.#usesIdsElsewhere = usesIdsElsewhere;
    this.#conversations = Array.from({ length: dice.whole(1, 5) }, (_, at) => `c${at}`);
  }

  anyWord(): string {
    return this.#words.length === 0 ? 'nothing' : this.#dice.oneOf(this.#words);
  }

  /** An event that nothing will be said about any more. */
  close(): string {
    const { id } = this.#earlier() ?? { id: 'none' };
    this.#closed.add(id);
    return id;
  }

  next(): PlannedEvent {
    const event = this.#make();
    this.#written.push(event);
    return event;
  }

  #make(): PlannedEvent {
    const kind = this.#dice.real();
    const earlier = this.#earlier();
    if (kind < 0.06 && earlier !== undefined) return earlier;
    if (kind < 0.1 && earlier !== undefined) return this.#said(earlier.id, earlier.conversation);
    if (kind < 0.12 && earlier !== undefined && this.#usesIdsElsewhere)
      return this.#said(earlier.id, this.#dice.oneOf(this.#conversations));
    if (kind < 0.17) return this.#poison();
    if (kind < 0.45) return this.#later(earlier);
    const promised = this.#dice.chance(0.3) ? this.#promised.pop() : undefined;
    if (promised !== undefined) return this.#said(promised.id, promised.conversation);
    const place = { id: this.#newId(), conversation: this.#dice.oneOf(this.#conversations) };
    if (this.#dice.chance(0.85)) return this.#said(place.id, place.conversation);
    this.#wordless.add(place.id);
    const [name, data] = this.#dice.oneOf(wordless);
    return this.#event(name, place, data);
  }

  #earlier(): PlannedEvent | undefined {
    const open = this.#written.filter(
      ({ id, about }) => !this.#closed.has(id) && !this.#closed.has(about ?? id),
    );
    return open.length === 0 ? undefined : this.#dice.oneOf(open);
  }

  #said(id: string, conversation: string): PlannedEvent {
    return this.#event('message.sent', { id, conversation }, { body: this.#text() });
  }

  /** A fact about a message that was said, or is yet to be. */
  #later(earlier: PlannedEvent | undefined): PlannedEvent {
    const isEarly = earlier === undefined || this.#wordless.has(earlier.id) || this.#dice.chance(0.15);
    const about = isEarly
      ? { id: this.#newId(), conversation: this.#dice.oneOf(this.#conversations) }
      : earlier;
    if (isEarly) this.#promised.push(about);
    const place = { id: this.#newId(), conversation: about.conversation };
    const item = about.id;
    const kind = this.#dice.real();
    if (kind < 0.5) return this.#event('message.edited', place, { item, body: this.#text() });
    if (kind < 0.65) return this.#event('message.deleted', place, { item });
    if (kind < 0.75) return this.#event('reaction.added', place, { item, reaction: '👍' });
    if (kind < 0.85) return this.#event('reaction.removed', place, { item, reaction: '👍' });
    return this.#event(kind < 0.92 ? 'receipt.read' : 'receipt.delivered', place, { item });
  }

  #poison(): PlannedEvent {
    const id = this.#newId();
    const bytes = Buffer.from(this.#dice.oneOf([`{"poison":"${id}"`, `[{"poison":"${id}"}]`, unparsed(id)]));
    return { id, conversation: this.#dice.oneOf(this.#conversations), bytes };
  }

  #event(
    name: ImEventName,
    { id, conversation }: { readonly id: string; readonly conversation: string },
    data: Readonly<Record<string, unknown>>,
  ): PlannedEvent {
    const by = this.#dice.oneOf(people);
    const others = people.filter((person) => person !== by && this.#dice.chance(0.3)).map((id) => ({ id }));
    const nonce = hash('sha256', `${id} ${this.#count++}`, 'hex').slice(0, 32);
    const event = buildEvent(name, { id, conversation, by, others }, { nonce, ...data });
    const about = typeof data.item === 'string' ? { about: data.item } : {};
    return { id, conversation, bytes: bytesOf(event), ...about };
  }

  /** A word of its own in each text, beside one that all have. */
  #text(): string {
    const word = `word${this.#count++}`;
    this.#words.push(word);
    return `said ${word}`;
  }

  #newId(): string {
    return `e${this.#count++}`;
  }
}
