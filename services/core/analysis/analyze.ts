import { type CharacterClass, characterClass as is, isSpaceless } from './character-class.ts';
import { isGroupSeparator, joinGroups } from './digit-groups.ts';
import { maxTokenLength, signToken } from './special-tokens.ts';
import type { Analysis, Token, TokenKind } from './token.ts';
import { type Units, unitsOf } from './units.ts';

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
const nextInWord = ({ classes, texts }: Units, at: number): number => {
  let next = at + 1;
  while (classes[next] === is.invisible) next += 1;
  if (!isWordlike(classes[next])) return -1;
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

/** One token of two characters per starting character; white space between two CJK characters is nothing. */
const addCjkRun = (making: Making, from: number): number => {
  const { classes, texts } = making.units;
  const run = [from];
  let next = from + 1;
  for (;;) {
    let candidate = next;
    while (isNothingInCjk(classes[candidate])) candidate += 1;
    if (classes[candidate] !== is.cjk) break;
    run.push(candidate);
    next = candidate + 1;
  }
  for (let index = 0; index + 1 < run.length; index += 1)
    add(making, 'bigram', texts[run[index]!]! + texts[run[index + 1]!]!, run[index]!, run[index + 1]! + 1);
  const last = run.at(-1)!;
  add(making, run.length > 1 ? 'tail' : 'single', texts[last]!, last, last + 1);
  return next;
};

const addSigns = (making: Making, from: number): number => {
  const { classes, texts } = making.units;
  let to = from;
  while (classes[to] === is.sign) to += 1;
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

const joinDigits = ({ units, tokens, unitStarts, unitEnds }: Making): Token[] => {
  const joined: Token[] = [];
  let first = 0;
  const continues = (index: number): boolean =>
    tokens[index]?.kind === 'digits' &&
    unitStarts[index]! === unitEnds[index - 1]! + 1 &&
    isGroupSeparator(units.texts[unitEnds[index - 1]!]!);
  while (first < tokens.length) {
    let end = first + 1;
    if (tokens[first]!.kind === 'digits') while (continues(end)) end += 1;
    const chain = tokens.slice(first, end);
    if (chain.length > 1)
      joinGroups(
        chain.map((token) => token.text),
        (from, to, text) => {
          const ends = chain[to]!.end;
          joined.push({ text, start: chain[from]!.start, end: ends, kind: 'digits', headEnd: ends });
        },
      );
    first = end;
  }
  return joined;
};

/** Tokens of a text with their places in it, and the joined forms of its digit groups. Never fails. */
export const analyze = (text: string): Analysis => {
  const units = unitsOf(text);
  const making: Making = { units, tokens: [], unitStarts: [], unitEnds: [] };
  let at = 0;
  while (at < units.texts.length) {
    const kind = units.classes[at]!;
    if (isWordlike(kind)) at = addWord(making, at);
    else if (kind === is.cjk) at = addCjkRun(making, at);
    else if (kind === is.sign) at = addSigns(making, at);
    else if (kind === is.emoji) at = addEmoji(making, at);
    else at += 1;
  }
  return { tokens: making.tokens, joined: joinDigits(making) };
};
