import type { NearLeaf, Phrase } from './ast.ts';

/** Where a phrase stands in the tokens of one part; `to` is exclusive. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

const standsAt = (tokens: readonly string[], { tokens: wanted, prefix }: Phrase, at: number): boolean => {
  const last = wanted.length - 1;
  for (let index = 0; index < last; index += 1) if (tokens[at + index] !== wanted[index]) return false;
  const token = tokens[at + last];
  if (token === undefined) return false;
  return prefix ? token.startsWith(wanted[last]!) : token === wanted[last];
};

/** Every place where the phrase stands, in order. */
export const placesOf = (tokens: readonly string[], phrase: Phrase): Place[] => {
  const places: Place[] = [];
  const length = phrase.tokens.length;
  if (length === 0) return places;
  for (let from = 0; from + length <= tokens.length; from += 1)
    if (standsAt(tokens, phrase, from)) places.push({ from, to: from + length });
  return places;
};

export const hasPhrase = (tokens: readonly string[], phrase: Phrase): boolean => {
  const length = phrase.tokens.length;
  for (let from = 0; length > 0 && from + length <= tokens.length; from += 1)
    if (standsAt(tokens, phrase, from)) return true;
  return false;
};

/** Index of the first place whose beginning is at or after `from`; places are sorted by it. */
export const firstFrom = (places: readonly Place[], from: number): number => {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]!.from < from) low = middle + 1;
    else high = middle;
  }
  return low;
};

const placesOfAny = (tokens: readonly string[], phrases: readonly Phrase[]): Place[] =>
  phrases.flatMap((phrase) => placesOf(tokens, phrase)).sort((a, b) => a.from - b.from || a.to - b.to);

/** Pairs of places of which the second begins at most `distance` tokens after the first has ended. */
const followers = function* (
  firsts: readonly Place[],
  seconds: readonly Place[],
  distance: number,
): Generator<readonly [Place, Place]> {
  for (const first of firsts)
    for (let at = firstFrom(seconds, first.to); at < seconds.length; at += 1) {
      const second = seconds[at]!;
      if (second.from - first.to > distance) break;
      yield [first, second];
    }
};

/** Every pair of places that satisfies the NEAR in the tokens of one part. */
export const nearPairs = function* (
  tokens: readonly string[],
  near: NearLeaf,
): Generator<readonly [Place, Place]> {
  const lefts = placesOfAny(tokens, near.left);
  if (lefts.length === 0) return;
  const rights = placesOfAny(tokens, near.right);
  yield* followers(lefts, rights, near.distance);
  if (!near.ordered) yield* followers(rights, lefts, near.distance);
};
