import { choiceLeaf } from './choice-leaf.ts';
import { dateLeaf } from './date-leaf.ts';
import { endOf, type Span, spanBetween } from './fault.ts';
import type { PropertyLexeme, WordLexeme } from './lexeme.ts';
import { properties } from './property-table.ts';
import type { Building, Syntax } from './syntax.ts';
import { textLeaf } from './text-leaf.ts';
import { markLeaf, peopleLeaf, placeLeaf, refuseValue } from './value-leaf.ts';

const trueOrFalse = (word: WordLexeme): 'true' | 'false' | undefined => {
  const value = word.text.toLowerCase();
  return value === 'true' || value === 'false' ? value : undefined;
};

/** The condition a word is, alone or as the value of a property; undefined, with a fault, if it is none. */
export const makeLeaf = (
  building: Building,
  word: WordLexeme,
  property: PropertyLexeme | undefined,
): Syntax | undefined => {
  if (property === undefined) return textLeaf(building, word, { field: 'any' });
  const { name, comparison } = property;
  const kind = properties[name];
  switch (kind?.type) {
    case 'text':
      return textLeaf(building, word, { field: kind.field, property: name });
    case 'people':
      if (word.mode === 'other' && kind.people === 'received') return undefined;
      return peopleLeaf(building, word, { name, people: kind.people, repeats: kind.repeats });
    case 'conversation':
    case 'session':
      return placeLeaf(building, word, name, kind);
    case 'choice':
      return choiceLeaf(building, word, { name, choice: kind.choice, repeats: kind.repeats });
    case 'date': {
      const mark = trueOrFalse(word);
      if (kind.date !== 'sent' && comparison === ':' && mark !== undefined) return markLeaf(kind.date, mark);
      return dateLeaf(building, word, { property: kind.date, name, comparison });
    }
    default:
      return refuseValue(building, word, {
        nearest: 'between:(ann, bob)',
        expected: 'a list in parentheses',
      });
  }
};

/** Where a condition stands: its property and its value. */
export const spanOf = (word: WordLexeme, property: PropertyLexeme | undefined): Span =>
  property === undefined || endOf(property) !== word.offset
    ? word
    : spanBetween(property.offset, endOf(word));
