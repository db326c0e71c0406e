import { type CharacterClass, characterClass, classOf } from './character-class.ts';
import { emojiEnd, foldEmoji } from './emoji.ts';
import { clusterEnd, foldCluster } from './fold.ts';
import { signToken } from './special-tokens.ts';

/**
 * Folded code points (an emoji is one unit) with their class and their UTF-16 range in the original text. They are
 * read as `kindAt` asks for them: who needs the beginning of a text does not pay for all of it.
 */
export interface Units {
  readonly text: string;
  /** Where in the text the next unit begins. */
  next: number;
  readonly texts: string[];
  readonly classes: CharacterClass[];
  readonly starts: number[];
  readonly ends: number[];
}

/** Marks beyond this many on one CJK character are not looked at, so that two such characters stay one token. */
const maxMarksPerCjk = 30;

const push = (units: Units, text: string, kind: CharacterClass, start: number, end: number): void => {
  if (kind === characterClass.dropped) return;
  const last = units.texts.length - 1;
  if (kind === characterClass.mark && units.classes[last] === characterClass.cjk) {
    if ([...units.texts[last]!].length <= maxMarksPerCjk) units.texts[last] += text;
    units.ends[last] = end;
    return;
  }
  units.texts.push(text);
  units.classes.push(kind);
  units.starts.push(start);
  units.ends.push(end);
};

const pushEmoji = (units: Units, text: string, start: number, end: number): void => {
  const folded = foldEmoji(text.slice(start, end));
  const first = folded.charCodeAt(0);
  const keycapOfSign = first === 0x23 || first === 0x2a;
  const token = keycapOfSign ? signToken(folded.charAt(0)) + folded.slice(1) : folded;
  push(units, token, characterClass.emoji, start, end);
};

/** False for most ASCII, Han and Hangul without a look at the emoji pattern. */
const mayBeEmoji = (code: number, next: number): boolean =>
  code < 0x80 ? next >= 0x80 : code < 0x3400 || (code > 0x9fff && code < 0xac00) || code > 0xd7a3;

/** A text of which nothing is read yet. Offsets are those of the text as given, whatever normalisation makes of it. */
export const unitsOf = (text: string): Units => ({
  text,
  next: 0,
  texts: [],
  classes: [],
  starts: [],
  ends: [],
});

/** Class of a unit, undefined after the last. Up to this one units are final: a mark joins the last at most. */
export const kindAt = (units: Units, at: number): CharacterClass | undefined => {
  while (units.texts.length <= at + 1 && units.next < units.text.length) readOn(units);
  return units.classes[at];
};

const readOn = (units: Units): void => {
  const { text, next: start } = units;
  const emoji = mayBeEmoji(text.charCodeAt(start), text.charCodeAt(start + 1)) ? emojiEnd(text, start) : -1;
  if (emoji > start) {
    pushEmoji(units, text, start, emoji);
    units.next = emoji;
    return;
  }
  const end = clusterEnd(text, start);
  for (const character of foldCluster(text.slice(start, end)))
    push(units, character, classOf(character.codePointAt(0)!), start, end);
  units.next = end;
};
