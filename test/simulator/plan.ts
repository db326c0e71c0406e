import { hash } from 'node:crypto';
import type { Scope } from '../../schemas/events/governance-event.ts';
import type { ImEventName } from '../../schemas/events/im-event.ts';
import { buildEvent, bytesOf } from '../support/event-builder.ts';
import { Dice } from './dice.ts';
import { type FaultRates, noFaults } from './network.ts';

/** An event as it will be appended, with what the oracle needs to know of it without reading it. */
export interface PlannedEvent {
  readonly id: string;
  /** The message that a later fact is about. */
  readonly about?: string;
  /** Conversation, and key in the log. */
  readonly conversation: string;
  readonly bytes: Uint8Array;
}

type OperationKind =
  | { readonly kind: 'append'; readonly events: readonly PlannedEvent[] }
  | { readonly kind: 'scope'; readonly scope: Scope }
  | { readonly kind: 'search'; readonly word: string }
  | { readonly kind: 'erase'; readonly eventId: string }
  | { readonly kind: 'rebuild'; readonly by: 'archiver' | 'search-api' }
  | { readonly kind: 'restore'; readonly take: boolean }
  | { readonly kind: 'retry' | 'rebalance' | 'compact' | 'sign' }
  | { readonly kind: 'crash'; readonly machine: number; readonly downMs: number }
  | { readonly kind: 'pause'; readonly machine: number; readonly forMs: number }
  | { readonly kind: 'clock'; readonly machine: number; readonly skewMs: number };

export type Operation = OperationKind & { readonly atMs: number };

export interface Plan {
  readonly seed: number;
  readonly archivers: number;
  readonly partitions: number;
  readonly faults: FaultRates;
  readonly operations: readonly Operation[];
}

const people = ['ann', 'bob', 'cat', 'dan'];
const longestSkewMs = 5 * 60_000;

/** The machines that are killed and paused: archivers first, then the search API and the front end. */
export const otherMachines = ['search-api', 'front-end'] as const;

/** What one seed attempts. Each seed leaves some kinds of faults out, so that the others are seen without them. */
export const planOf = (seed: number): Plan => {
  const dice = new Dice(`plan ${seed}`);
  const archivers = dice.whole(1, 3);
  const rate = (most: number): number => (dice.chance(0.5) ? dice.real() * most : 0);
  const faults = dice.chance(0.15)
    ? noFaults
    : { lostRequest: rate(0.05), lostAnswer: rate(0.05), torn: rate(0.15), doubled: rate(0.2) };
  const machines = archivers + otherMachines.length;
  const operations: Operation[] = [];
  const kinds = kindsOf(dice);
  // An older index may not know which of two partitions owns an id, until both are aligned (ADR 8).
  const writer = new Writer(dice, { usesIdsElsewhere: !kinds.includes('restore') });
  for (let atMs = 0, left = dice.whole(25, 60); left > 0; left--) {
    atMs += dice.chance(0.6) ? dice.real() * 200 : dice.real() * 3000;
    operations.push({ atMs, ...operationOf(dice.oneOf(kinds), { dice, writer, machines }) });
  }
  return { seed, archivers, partitions: dice.whole(1, 3), faults, operations };
};

type Kind = OperationKind['kind'];

const kindsOf = (dice: Dice): readonly Kind[] => {
  const weights: readonly (readonly [Kind, number])[] = [
    ['scope', 3],
    ['erase', 3],
    ['rebuild', 2],
    ['restore', 2],
    ['retry', 1],
    ['rebalance', 3],
    ['compact', 2],
    ['sign', 1],
    ['crash', 5],
    ['pause', 4],
    ['clock', 2],
  ];
  const wanted = weights.filter(() => dice.chance(0.7));
  return [
    ...new Array<Kind>(28).fill('append'),
    ...new Array<Kind>(10).fill('search'),
    ...wanted.flatMap(([kind, weight]) => new Array<Kind>(weight).fill(kind)),
  ];
};

interface Making {
  readonly dice: Dice;
  readonly writer: Writer;
  readonly machines: number;
}

const operationOf = (kind: Kind, { dice, writer, machines }: Making): OperationKind => {
  const machine = dice.whole(0, machines - 1);
  switch (kind) {
    case 'append':
      return { kind, events: Array.from({ length: dice.whole(1, 5) }, () => writer.next()) };
    case 'scope':
      return { kind, scope: scopeOf(dice) };
    case 'search':
      return { kind, word: dice.chance(0.3) ? 'said' : writer.anyWord() };
    case 'erase':
      return { kind, eventId: writer.close() };
    case 'rebuild':
      return { kind, by: dice.oneOf(['archiver', 'search-api'] as const) };
    case 'restore':
      return { kind, take: dice.chance(0.5) };
    case 'crash':
      return { kind, machine, downMs: dice.chance(0.5) ? dice.real() * 500 : dice.real() * 10_000 };
    case 'pause':
      return { kind, machine, forMs: dice.chance(0.5) ? dice.real() * 1000 : dice.real() * 12_000 };
    case 'clock':
      return { kind, machine, skewMs: (dice.real() * 2 - 1) * longestSkewMs };
    default:
      return { kind };
  }
};

const scopeOf = (dice: Dice): Scope =>
  dice.chance(0.4)
    ? { who: 'everyone' }
    : { who: 'users', users: people.filter(() => dice.chance(0.4)).map((name) => `${name}@contoso.example`) };

/** Makes events of all kinds about what was said before or will be said later. */
class Writer {
  readonly #dice: Dice;
  readonly #usesIdsElsewhere: boolean;
  readonly #conversations: readonly string[];
  readonly #written: PlannedEvent[] = [];
  /** Referred to already, and not said yet. */
  readonly #promised: { readonly id: string; readonly conversation: string }[] = [];
  /** Nobody edits or reads a join. */
  readonly #joins = new Set<string>();
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
    if (this.#dice.chance(0.9)) return this.#said(place.id, place.conversation);
    this.#joins.add(place.id);
    return this.#event('participant.joined', place, {});
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
    const isEarly = earlier === undefined || this.#joins.has(earlier.id) || this.#dice.chance(0.15);
    const about = isEarly
      ? { id: this.#newId(), conversation: this.#dice.oneOf(this.#conversations) }
      : earlier;
    if (isEarly) this.#promised.push(about);
    const place = { id: this.#newId(), conversation: about.conversation };
    const item = about.id;
    const kind = this.#dice.real();
    if (kind < 0.5) return this.#event('message.edited', place, { item, body: this.#text() });
    if (kind < 0.65) return this.#event('message.deleted', place, { item });
    if (kind < 0.85) return this.#event('reaction.added', place, { item, reaction: '👍' });
    return this.#event('receipt.read', place, { item });
  }

  #poison(): PlannedEvent {
    const id = this.#newId();
    const bytes = Buffer.from(this.#dice.chance(0.5) ? `{"poison":"${id}"` : `[{"poison":"${id}"}]`);
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
