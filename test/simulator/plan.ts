import type { Scope } from '../../schemas/events/governance-event.ts';
import { Dice } from './dice.ts';
import { EventWriter, type PlannedEvent, people } from './event-writer.ts';
import { type FaultRates, noFaults } from './network.ts';

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
  const writer = new EventWriter(dice, { usesIdsElsewhere: !kinds.includes('restore') });
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
  readonly writer: EventWriter;
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
