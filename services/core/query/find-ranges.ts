import { type Reading, readingOf } from '../analysis/analyze.ts';
import type { NearLeaf, Phrase, TextLeaf } from './ast.ts';
import type { Place } from './find-phrase.ts';
import { NearbyPlaces, standsIn } from './nearby-places.ts';

/** UTF-16 offsets in a stored part. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A phrase, and whether a place of it counts: one of a NEAR does if it is in a pair. */
interface Sought {
  readonly phrase: Phrase;
  readonly counts: (place: Place) => boolean;
}

/**
 * Where the conditions are met in a text, in reading order; those that overlap are one. The text is read no further
 * than it takes to give what is asked for.
 */
export const rangesIn = function* (text: string, leaves: readonly (TextLeaf | NearLeaf)[]): Generator<Range> {
  let open: Range | undefined;
  for (const { start, end } of foundIn(readingOf(text), leaves))
    if (open !== undefined && start < open.end) open = { start: open.start, end: Math.max(open.end, end) };
    else {
      if (open !== undefined) yield open;
      open = { start, end };
    }
  if (open !== undefined) yield open;
};

/** In order of their beginnings. */
const foundIn = function* (reading: Reading, leaves: readonly (TextLeaf | NearLeaf)[]): Generator<Range> {
  const { tokens } = reading;
  const soughtAt = byFirstToken(leaves.flatMap((leaf) => soughtBy(leaf, reading)));
  const isNumber = joinedOf(leaves);
  for (let from = 0; ; from += 1) {
    reading.readTo(from + 1);
    const first = tokens[from];
    if (first === undefined) return;
    for (const { phrase, counts } of soughtAt(first.text)) {
      const place = { from, to: from + phrase.tokens.length };
      if (standsIn(reading, phrase, from) && counts(place)) yield rangeOf(reading, place, phrase);
    }
    if (isNumber !== undefined)
      for (const { text, start, end } of reading.joinedFrom(from)) if (isNumber(text)) yield { start, end };
  }
};

/** The words of a place; of a bigram found by its first character, that character alone. */
const rangeOf = ({ tokens: read }: Reading, { from, to }: Place, { prefix, tokens }: Phrase): Range => {
  const last = read[to - 1]!;
  const isHead = prefix && last.kind === 'bigram' && tokens.at(-1) !== last.text;
  return { start: read[from]!.start, end: isHead ? last.headEnd : last.end };
};

const soughtBy = (leaf: TextLeaf | NearLeaf, reading: Reading): Sought[] => {
  if (leaf.type === 'text') return [{ phrase: leaf.phrase, counts: () => true }];
  const { left, right, distance, ordered } = leaf;
  const lefts = new NearbyPlaces(reading, left, { others: right, distance });
  const rights = new NearbyPlaces(reading, right, { others: left, distance });
  return [
    ...left.map((phrase) => ({
      phrase,
      counts: (place: Place) => rights.beginAfter(place) || (!ordered && rights.endBefore(place)),
    })),
    ...right.map((phrase) => ({
      phrase,
      counts: (place: Place) => lefts.endBefore(place) || (!ordered && lefts.beginAfter(place)),
    })),
  ];
};

/** Few of a thousand phrases can begin with a token; these are they. */
const byFirstToken = (sought: readonly Sought[]): ((token: string) => readonly Sought[]) => {
  const beginnings = sought.filter(({ phrase }) => phrase.prefix && phrase.tokens.length === 1);
  const whole = sought.filter(({ phrase }) => phrase.tokens.length > (phrase.prefix ? 1 : 0));
  const byToken = Map.groupBy(whole, ({ phrase }) => phrase.tokens[0]!);
  return (token) => {
    const exact = byToken.get(token) ?? [];
    return beginnings.length === 0 ? exact : [...exact, ...beginnings];
  };
};

/** Whether a joined number is looked for; undefined if none is. */
const joinedOf = (leaves: readonly (TextLeaf | NearLeaf)[]): ((number: string) => boolean) | undefined => {
  const phrases = leaves.flatMap((leaf) => (leaf.type === 'text' && leaf.phrase.joined ? [leaf.phrase] : []));
  if (phrases.length === 0) return undefined;
  const first = ({ tokens }: Phrase): string => tokens[0]!;
  const exact = new Set(phrases.filter(({ prefix }) => !prefix).map(first));
  const beginnings = phrases.filter(({ prefix }) => prefix).map(first);
  return (number) => exact.has(number) || beginnings.some((beginning) => number.startsWith(beginning));
};
