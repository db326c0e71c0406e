import {
  conversationTerms,
  fixedKey,
  type PeopleProperty,
  peopleTerms,
  sessionTerms,
  unknownKeyOf,
} from '../item/keys.ts';
import { type KeyTerms, type PersonMode, personTerms } from '../item/person-keys.ts';
import type { KeysLeaf, OnlyLeaf, Query } from './ast.ts';
import { faultAt, withReplaced } from './fault.ts';
import type { ValueMode, WordLexeme } from './lexeme.ts';
import type { Property, Repeats } from './property-table.ts';
import { queryLimits } from './query-limits.ts';
import { quoteValue } from './quote.ts';
import type { Building, Leaf } from './syntax.ts';

export const keysLeaf = (terms: KeyTerms, unknownWith?: string): KeysLeaf => ({
  type: 'keys',
  ...terms,
  ...(unknownWith === undefined ? {} : { unknownWith }),
});

const signs: Record<ValueMode, string> = { any: '', address: '=', id: 'id:', other: '!' };

/** A value as the echo writes it. A bare value that begins like a sign of people stands in quotes. */
export const writeValue = ({ mode, text, star }: WordLexeme): string =>
  `${signs[mode]}${quoteValue(text, star)}`;

export const refuseLong = (building: Building, word: WordLexeme): undefined => {
  building.faults.push(
    faultAt(word, 'valueTooLong', 'This value is too long to be matched exactly.', {
      expected: 'a shorter beginning or phrase of the name, or the whole id',
    }),
  );
  return undefined;
};

const cjkCharacter =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;

/** False, with a fault, if the value is empty or its beginning is too short for a star. */
export const isValueUsable = (building: Building, word: WordLexeme): boolean => {
  const text = word.text.trim();
  if (text === '') {
    building.faults.push(faultAt(word, 'missingValue', 'This value is empty.'));
    return false;
  }
  const minimum = queryLimits.prefixCharacters;
  if (!word.star || [...text].length >= minimum || cjkCharacter.test(text)) return true;
  building.faults.push(
    faultAt(word, 'prefixTooShort', `A beginning needs at least ${minimum} characters before its star.`, {
      expected: `${minimum} characters, or ${queryLimits.prefixCjkCharacters} CJK character`,
    }),
  );
  return false;
};

/** Keys of the persons a value names; undefined, with a fault, if it cannot be answered. */
export const personsOf = (
  building: Building,
  word: WordLexeme,
  strict = word.mode === 'other',
): KeyTerms | undefined => {
  if (!isValueUsable(building, word)) return undefined;
  const mode: PersonMode = word.mode === 'other' ? 'any' : word.mode;
  // What stands in the exact forms is taken as it is written, white space included.
  const value = mode === 'any' ? word.text.trim() : word.text;
  return personTerms(value, { mode, prefix: word.star, strict }) ?? refuseLong(building, word);
};

/** Where nobody else can have the part, "somebody else has it" is plain NOT; elsewhere it is: not only these. */
const somebodyElse = (property: PeopleProperty, terms: KeyTerms): Query | undefined => {
  const unknownWith = unknownKeyOf(property);
  if (property === 'from') return { type: 'not', operand: keysLeaf(peopleTerms('from', terms)) };
  if (property === 'received') return undefined;
  const only: OnlyLeaf = { type: 'only', of: property, members: [terms] };
  return { type: 'not', operand: unknownWith === undefined ? only : { ...only, unknownWith } };
};

const equality = (name: string, rule: Repeats): Pick<Leaf, 'repeats'> =>
  rule === 'and' ? {} : { repeats: { property: name, rule } };

export const peopleLeaf = (
  building: Building,
  word: WordLexeme,
  { name, people, repeats }: { name: string; people: PeopleProperty; repeats: Repeats },
): Leaf | undefined => {
  const terms = personsOf(building, word);
  if (terms === undefined) return undefined;
  const echo = `${name}:${writeValue(word)}`;
  if (word.mode !== 'other') {
    const query = keysLeaf(peopleTerms(people, terms), unknownKeyOf(people));
    return { type: 'leaf', query, echo, terms: 1, ...equality(name, repeats) };
  }
  const query = somebodyElse(people, terms);
  return query === undefined ? undefined : { type: 'leaf', query, echo, terms: 1 };
};

/** `conversation:`, `room:` and `session:`. */
export const placeLeaf = (
  building: Building,
  word: WordLexeme,
  name: string,
  property: Property & { type: 'conversation' | 'session' },
): Leaf | undefined => {
  if (!isValueUsable(building, word)) return undefined;
  const terms =
    property.type === 'session'
      ? sessionTerms(word.text, word.star)
      : conversationTerms(word.text, { prefix: word.star, roomsOnly: property.roomsOnly });
  if (terms === undefined) return refuseLong(building, word);
  const echo = `${name}:${writeValue(word)}`;
  return { type: 'leaf', query: keysLeaf(terms), echo, terms: 1, ...equality(name, property.repeats) };
};

/** `edited:true` and `deleted:false`. */
export const markLeaf = (name: 'edited' | 'deleted', value: 'true' | 'false'): Leaf => ({
  type: 'leaf',
  query: keysLeaf({ equal: [fixedKey(name, value)], prefixes: [] }),
  echo: `${name}:${value}`,
  terms: 1,
});

export const refuseValue = (
  building: Building,
  word: WordLexeme,
  { nearest, expected }: { nearest: string; expected: string },
): undefined => {
  building.faults.push(
    faultAt(word, 'invalidValue', `There is no such value; the nearest is ${nearest}.`, {
      expected,
      fixes: [withReplaced(building.text, word, nearest)],
    }),
  );
  return undefined;
};
