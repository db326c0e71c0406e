import { type CharacterClass, characterClass, classOf } from './character-class.ts';
import { emojiEnd, foldEmoji } from './emoji.ts';
import { clusterEnd, foldCluster } from './fold.ts';
import { signToken } from './special-tokens.ts';

/** Folded code points (an emoji is one unit) with their class and their UTF-16 range in the original text. */
export interface Units {
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

/** Splits a text into units. Offsets are those of the text as given, whatever normalisation made of it. */
export const unitsOf = (text: string): Units => {
  const units: Units = { texts: [], classes: [], starts: [], ends: [] };
  let start = 0;
  while (start < text.length) {
    const emoji = mayBeEmoji(text.charCodeAt(start), text.charCodeAt(start + 1)) ? emojiEnd(text, start) : -1;
    if (emoji > start) {
      pushEmoji(units, text, start, emoji);
      start = emoji;
      continue;
    }
    const end = clusterEnd(text, start);
    for (const character of foldCluster(text.slice(start, end)))
      push(units, character, classOf(character.codePointAt(0)!), start, end);
    start = end;
  }
  return units;
};
