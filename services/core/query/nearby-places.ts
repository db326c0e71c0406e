import type { Reading } from '../analysis/analyze.ts';
import type { Phrase } from './ast.ts';
import { firstFrom, type Place } from './find-phrase.ts';

/** Whether a phrase stands at a token of a text that is read as far as that takes. */
export const standsIn = (
  { tokens, readTo }: Reading,
  { tokens: wanted, prefix }: Phrase,
  at: number,
): boolean => {
  const last = wanted.length - 1;
  readTo(at + wanted.length);
  return (
    last >= 0 &&
    at + last < tokens.length &&
    wanted.every((text, index) => {
      const found = tokens[at + index]!.text;
      return prefix && index === last ? found.startsWith(text) : found === text;
    })
  );
};

const longest = (phrases: readonly Phrase[]): number =>
  Math.max(0, ...phrases.map(({ tokens }) => tokens.length));

/**
 * The places of one operand of a NEAR around those of the other, which are asked about from the beginning of the
 * text to its end. Only that neighbourhood is read and kept.
 */
export class NearbyPlaces {
  readonly #reading: Reading;
  readonly #phrases: readonly Phrase[];
  readonly #distance: number;
  /** Tokens from the beginning of an asked place to those of any place that can be near it. */
  readonly #behind: number;
  readonly #ahead: number;
  /** Sorted by their beginnings. */
  #places: Place[] = [];
  #mostKept = 1024;
  #next = 0;

  /** The places of `phrases`, asked about by places of `others`. */
  constructor(
    reading: Reading,
    phrases: readonly Phrase[],
    { others, distance }: { readonly others: readonly Phrase[]; readonly distance: number },
  ) {
    this.#reading = reading;
    this.#phrases = phrases;
    this.#distance = distance;
    this.#behind = distance + longest(phrases);
    this.#ahead = longest(others) + distance;
  }

  /** Whether one begins at most `distance` tokens after the place has ended. */
  beginAfter({ from, to }: Place): boolean {
    this.#readAround(from);
    const next = this.#places[firstFrom(this.#places, to)];
    return next !== undefined && next.from - to <= this.#distance;
  }

  /** Whether one ends at most `distance` tokens before the place begins. */
  endBefore({ from }: Place): boolean {
    this.#readAround(from);
    const places = this.#places;
    for (let at = firstFrom(places, from - this.#behind); at < places.length; at += 1) {
      const place = places[at]!;
      if (place.from >= from) return false;
      if (place.to <= from && from - place.to <= this.#distance) return true;
    }
    return false;
  }

  #readAround(from: number): void {
    const first = from - this.#behind;
    if (this.#places.length >= this.#mostKept) {
      this.#places = this.#places.slice(firstFrom(this.#places, first));
      this.#mostKept = 2 * this.#places.length + 1024;
    }
    const end = from + this.#ahead + 1;
    for (let at = Math.max(this.#next, first, 0); at < end; at += 1) this.#look(at);
    this.#next = Math.max(this.#next, end);
  }

  #look(at: number): void {
    for (const phrase of this.#phrases)
      if (standsIn(this.#reading, phrase, at)) this.#places.push({ from: at, to: at + phrase.tokens.length });
  }
}
