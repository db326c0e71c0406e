import { peopleTerms, unknownKeyOf } from '../item/keys.ts';
import type { KeyTerms } from '../item/person-keys.ts';
import type { Query } from './ast.ts';
import { endOf, faultAt, type Span, spanBetween, withReplaced } from './fault.ts';
import type { Lexeme, WordLexeme } from './lexeme.ts';
import type { Building, Leaf } from './syntax.ts';
import { keysLeaf, personsOf, writeValue } from './value-leaf.ts';

/** The values of `between:(a, b)` or `only:(a, b)` and how many lexemes they take, parentheses included. */
export interface ListRead {
  readonly words: readonly WordLexeme[];
  readonly taken: number;
  readonly end: number;
}

const example = { between: 'between:(ann, bob)', only: 'only:(ann, bob, contoso.com)' } as const;

const refuse = (building: Building, span: Span, list: 'between' | 'only', fixes: readonly string[] = []) => {
  building.faults.push(
    faultAt(span, 'invalidValue', `${list}: takes a list in parentheses, separated by commas.`, {
      expected: example[list],
      fixes,
    }),
  );
  return undefined;
};

/** Reads the list whose `(` is the lexeme at `start`; undefined, with a fault, if it is none. */
export const readList = (
  building: Building,
  lexemes: readonly Lexeme[],
  start: number,
  list: 'between' | 'only',
): ListRead | undefined => {
  const words: WordLexeme[] = [];
  let at = start;
  const open = lexemes[at];
  if (open?.type !== 'open') return refuse(building, open ?? spanBetween(0, 0), list);
  for (;;) {
    at += 1;
    const word = lexemes[at];
    if (word?.type !== 'word' || word.mode === 'other') return refuse(building, word ?? open, list);
    words.push(word);
    at += 1;
    const next = lexemes[at];
    if (next?.type === 'close') return { words, taken: at - start + 1, end: endOf(next) };
    if (next?.type === 'comma') continue;
    // A missing comma is the likeliest mistake: `between:(ann bob)`.
    const fixes =
      next?.type === 'word' ? [withReplaced(building.text, spanBetween(endOf(word), next.offset), ', ')] : [];
    return refuse(building, next ?? open, list, fixes);
  }
};

/** One wrote and the other received, in either direction; others may be there. */
const betweenQuery = (one: KeyTerms, other: KeyTerms): Query => {
  const wrote = (terms: KeyTerms) => keysLeaf(peopleTerms('from', terms));
  const received = (terms: KeyTerms) => keysLeaf(peopleTerms('received', terms), unknownKeyOf('received'));
  return {
    type: 'or',
    operands: [
      { type: 'and', operands: [wrote(one), received(other)] },
      { type: 'and', operands: [wrote(other), received(one)] },
    ],
  };
};

const onlyQuery = (members: readonly KeyTerms[]): Query => {
  const unknownWith = unknownKeyOf('participants');
  return { type: 'only', of: 'participants', members, ...(unknownWith === undefined ? {} : { unknownWith }) };
};

export const listLeaf = (
  building: Building,
  span: Span,
  list: 'between' | 'only',
  words: readonly WordLexeme[],
): Leaf | undefined => {
  if (list === 'between' && words.length !== 2) return refuse(building, span, list);
  const members = words.map((word) => personsOf(building, word, list === 'only'));
  if (!members.every((terms) => terms !== undefined)) return undefined;
  const [one, other] = members;
  const query =
    list === 'between' && one !== undefined && other !== undefined
      ? betweenQuery(one, other)
      : onlyQuery(members);
  const echo = `${list}:(${words.map(writeValue).join(', ')})`;
  return { type: 'leaf', query, echo, terms: words.length };
};
