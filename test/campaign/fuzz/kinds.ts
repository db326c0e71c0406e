import { Dice } from '../../support/dice.ts';

/** What an input is: an event, a query, a file to import, a request, or a search over HTTP. */
export type Kind = 'event' | 'query' | 'import' | 'request' | 'search';

const shares: readonly Kind[] = [
  ...Array<Kind>(10).fill('event'),
  ...Array<Kind>(3).fill('request'),
  ...Array<Kind>(4).fill('query'),
  ...Array<Kind>(2).fill('search'),
  'import',
];

export const kindOf = (number: number): Kind => shares[number % shares.length]!;

/** The same for every run of this input, whatever ran before it. */
export const diceOf = (seed: number, number: number): Dice => new Dice(`${seed}/${number}`);

export const isPure = (kind: Kind): boolean => kind === 'event' || kind === 'query' || kind === 'import';

/** What a violation says, so that it can be attempted alone again. */
export const violationOf = (seed: number, number: number, what: string): string =>
  `seed ${seed}, input ${number} (${kindOf(number)}): ${what}`;
