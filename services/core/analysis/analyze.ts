import { type CharacterClass, characterClass as is, isSpaceless } from './character-class.ts';
import { isGroupSeparator, joinGroupsFrom, maxGroups } from './digit-groups.ts';
import { maxTokenLength, signToken } from './special-tokens.ts';
import type { Analysis, Token, TokenKind } from './token.ts';
import { kindAt, type Units, unitsOf } from './units.ts';

const isWordlike = (kind: CharacterClass | undefined): boolean =>
  kind === is.word || kind === is.digit || kind === is.mark;
const touchesSign = (kind: CharacterClass | undefined): boolean => isWordlike(kind) || kind === is.cjk;
const isNothingInCjk = (kind: CharacterClass | undefined): boolean =>
  kind === is.space || kind === is.invisible;

/** Tokens while they are made; `unitStarts` and `unitEnds` tell what stood between two of them. */
interface Making {
  readonly units: Units;
  readonly tokens: Token[];
  readonly unitStarts: number[];
  readonly unitEnds: number[];
  /** The unit that is read next. */
  next: number;
}

const add = (making: Making, kind: TokenKind, text: string, from: number, to: number): void => {
  const start = making.units.starts[from]!;
  const end = making.units.ends[to - 1]!;
  const headEnd = kind === 'bigram' ? making.units.ends[from]! : end;
  making.tokens.push({ text, start, end, kind, headEnd });
  making.unitStarts.push(from);
  making.unitEnds.push(to);
};

/** The unit that goes on with the word after `at`: a zero-width space inside a word is nothing. -1 if it ends. */
const nextInWord = (units: Units, at: number): number => {
  const { texts } = units;
  let next = at + 1;
  while (kindAt(units, next) === is.invisible) next += 1;
  if (!isWordlike(kindAt(units, next))) return -1;
  return next > at + 1 && (isSpaceless(texts[at]!) || isSpaceless(texts[next]!)) ? -1 : next;
};

/** A run of letters, digits and marks, cut where it is over the limit. */
const addWord = (making: Making, from: number): number => {
  const { classes, texts } = making.units;
  const run: number[] = [];
  for (let at = from; at >= 0; at = nextInWord(making.units, at)) run.push(at);
  const kind = run.every((at) => classes[at] === is.digit) ? 'digits' : 'word';
  for (let start = 0; start < run.length; start += maxTokenLength) {
    const piece = run.slice(start, start + maxTokenLength);
    add(making, kind, piece.map((at) => texts[at]!).join(''), piece[0]!, piece.at(-1)! + 1);
  }
  return run.at(-1)! + 1;
};

/** A token of two characters, or of the last one of a run; white space between two CJK characters is nothing. */
const addCjk = (making: Making, at: number): number => {
  const { units, unitEnds } = making;
  let next = at + 1;
  while (isNothingInCjk(kindAt(units, next))) next += 1;
  if (kindAt(units, next) === is.cjk) {
    add(making, 'bigram', units.texts[at]! + units.texts[next]!, at, next + 1);
    return next;
  }
  const isInBigram = unitEnds.at(-1) === at + 1;
  add(making, isInBigram ? 'tail' : 'single', units.texts[at]!, at, at + 1);
  return at + 1;
};

const addSigns = (making: Making, from: number): number => {
  const { units } = making;
  const { classes, texts } = units;
  let to = from;
  while (kindAt(units, to) === is.sign) to += 1;
  if (touchesSign(classes[from - 1]) || touchesSign(classes[to]))
    for (let index = from; index < to; index += 1)
      add(making, 'sign', signToken(texts[index]!), index, index + 1);
  return to;
};

const addEmoji = (making: Making, at: number): number => {
  const characters = [...making.units.texts[at]!];
  for (let start = 0; start < characters.length; start += maxTokenLength)
    add(making, 'emoji', characters.slice(start, start + maxTokenLength).join(''), at, at + 1);
  return at + 1;
};

/** Reads the next run of units; false at the end of the text. */
const readRun = (making: Making): boolean => {
  const { units, next: at } = making;
  const kind = kindAt(units, at);
  if (kind === undefined) return false;
  if (isWordlike(kind)) making.next = addWord(making, at);
  else if (kind === is.cjk) making.next = addCjk(making, at);
  else if (kind === is.sign) making.next = addSigns(making, at);
  else if (kind === is.emoji) making.next = addEmoji(making, at);
  else making.next = at + 1;
  return true;
};

/** A text that is analysed from its beginning as far as somebody asks. */
export interface Reading {
  /** Those read so far. */
  readonly tokens: readonly Token[];
  /** Reads until there are so many tokens, or to the end. */
  readonly readTo: (count: number) => void;
  /** The joined forms of digit groups that begin with this token. */
  readonly joinedFrom: (first: number) => Token[];
}

export const readingOf = (text: string): Reading => {
  const making: Making = { units: unitsOf(text), tokens: [], unitStarts: [], unitEnds: [], next: 0 };
  const { tokens } = making;
  const readTo = (count: number): void => {
    while (tokens.length < count && readRun(making));
  };
  const joinedFrom = (first: number): Token[] => {
    if (tokens[first]?.kind !== 'digits') return [];
    readTo(first + maxGroups);
    return joinDigitsFrom(making, first);
  };
  return { tokens, readTo, joinedFrom };
};

const joinDigitsFrom = ({ units, tokens, unitStarts, unitEnds }: Making, first: number): Token[] => {
  const continues = (index: number): boolean =>
    tokens[index]?.kind === 'digits' &&
    unitStarts[index]! === unitEnds[index - 1]! + 1 &&
    isGroupSeparator(units.texts[unitEnds[index - 1]!]!);
  const groups = [tokens[first]!.text];
  while (groups.length < maxGroups && continues(first + groups.length))
    groups.push(tokens[first + groups.length]!.text);
  const { start } = tokens[first]!;
  const joined: Token[] = [];
  joinGroupsFrom(groups, 0, (last, text) => {
    const { end } = tokens[first + last]!;
    joined.push({ text, start, end, kind: 'digits', headEnd: end });
  });
  return joined;
};

/** Tokens of a text with their places in it, and the joined forms of its digit groups. Never fails. */
export const analyze = (text: string): Analysis => {
  const { tokens, readTo, joinedFrom } = readingOf(text);
  readTo(Number.POSITIVE_INFINITY);
  return { tokens, joined: tokens.flatMap((_, first) => joinedFrom(first)) };
};
