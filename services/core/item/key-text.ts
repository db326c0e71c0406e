import { hash } from 'node:crypto';

/**
 * A key must stay one token in every engine: FTS5 `ascii` splits at ASCII signs and folds capitals, `whitespace`
 * splits at white space and at 255 characters. So small letters and digits stand for themselves, other ASCII becomes
 * U+E000 + code, and what could be taken for either is escaped. One character maps to one text: prefixes stay prefixes.
 */
const base = 0xe000;
const escapeMark = '\ue0ff';
const cutMark = '\ue0fe';
const plain = /^[a-z0-9]*$/;
const mustEscape = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u;

const encodeCharacter = (character: string): string => {
  const code = character.codePointAt(0)!;
  if (code < 0x80) return plain.test(character) ? character : String.fromCharCode(base + code);
  return mustEscape.test(character) ? escapeMark + code.toString(16).padStart(6, '0') : character;
};

/** Longer encoded values are cut and closed with their hash; a prefix longer than `maxPrefixLength` is refused. */
const maxValueLength = 180;
export const maxPrefixLength = 100;

/** The value of a prefix condition; undefined if it is too long to be answered exactly. */
export const encodePrefix = (value: string): string | undefined => {
  const encoded = plain.test(value) ? value : Array.from(value, encodeCharacter).join('');
  return encoded.length > maxPrefixLength ? undefined : encoded;
};

/** The value of an exact condition; equal only for equal values. */
export const encodeValue = (value: string): string => {
  const characters = plain.test(value) ? value : Array.from(value, encodeCharacter).join('');
  if (characters.length <= maxValueLength) return characters;
  let cut = '';
  for (const character of value) {
    const next = encodeCharacter(character);
    if (cut.length + next.length > maxPrefixLength) break;
    cut += next;
  }
  return cut + cutMark + hash('sha256', characters, 'hex');
};

/** Ends every token in a name key, so that the whole word `an` does not find `ann`. */
const nameTokenEnd = String.fromCharCode(base + 0x20);

/** The beginning of a text, whole characters only, at most `maxPrefixLength` units. */
const cutName = (text: string): string => {
  if (text.length <= maxPrefixLength) return text;
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(maxPrefixLength - 1));
  return text.slice(0, maxPrefixLength - (splitsPair ? 1 : 0));
};

/** One text per token a phrase of the name may begin with. `tokens` are those of the analyzer. */
export const nameTexts = (tokens: readonly string[]): string[] => {
  const texts: string[] = [];
  let text = '';
  for (const token of tokens.toReversed()) {
    text = cutName(token + nameTokenEnd + text);
    texts.push(text);
  }
  return texts;
};

/** What a name text begins with if the name holds the phrase; undefined if that is too long to be answered exactly. */
export const nameBeginning = (tokens: readonly string[], lastIsPrefix: boolean): string | undefined => {
  const text = tokens.join(nameTokenEnd) + (lastIsPrefix ? '' : nameTokenEnd);
  return text.length > maxPrefixLength ? undefined : text;
};
