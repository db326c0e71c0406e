import { endOf, type FaultCode, faultAt, type Span, type WarningCode, warningAt } from './fault.ts';
import type { Lexeme } from './lexeme.ts';
import type { QueryFault, QueryWarning } from './parsed-query.ts';
import { isInvisible, isSpace, structureOf } from './pasted-signs.ts';
import type { Property } from './property-table.ts';

/** A query while it is split into lexemes. */
export interface Lexing {
  readonly text: string;
  /** Same length as the text, full-width signs as ASCII: structure is read from it, words from the text. */
  readonly structure: string;
  readonly lexemes: Lexeme[];
  readonly faults: QueryFault[];
  readonly notes: Map<WarningCode, QueryWarning>;
  /** The property of each open parenthesis; undefined outside `property:(`. */
  readonly groups: (Property | undefined)[];
  /** Last place where a single curly quote may close; -1 if nowhere. */
  readonly lastSingleClose: number;
}

/** A single curly quote that may close a phrase, and not only be an apostrophe. */
const singleClose = /’(?=$|[\s()])/g;

export const startLexing = (text: string): Lexing => ({
  text,
  structure: structureOf(text),
  lexemes: [],
  faults: [],
  notes: new Map(),
  groups: [],
  lastSingleClose: [...text.matchAll(singleClose)].at(-1)?.index ?? -1,
});

export const currentGroup = ({ groups }: Lexing): Property | undefined => groups.at(-1);

export const addFault = (
  lexing: Lexing,
  span: Span,
  code: FaultCode,
  message: string,
  details: { expected?: string; fixes?: readonly string[] } = {},
): void => {
  lexing.faults.push(faultAt(span, code, message, details));
};

/** One note of a kind is enough: the first place it happened. */
export const note = (lexing: Lexing, code: WarningCode, span: Span, message: string): void => {
  if (!lexing.notes.has(code)) lexing.notes.set(code, warningAt(span, code, message));
};

/** A sign of the language that was written full-width. */
export const noteSign = (lexing: Lexing, span: Span): void => {
  if (lexing.text.slice(span.offset, endOf(span)) !== lexing.structure.slice(span.offset, endOf(span)))
    note(lexing, 'pastedSign', span, 'Full-width signs were read as the signs of the query language.');
};

/** True if a term cannot go on here: the end, white space, or a closing parenthesis. */
export const isTermEnd = (lexing: Lexing, at: number): boolean =>
  at >= lexing.structure.length || lexing.structure[at] === ')' || isSpace(lexing.structure.charAt(at));

/** Zero-width characters at the end of a word are space, not part of it. */
export const withoutInvisibleEnd = (structure: string, offset: number, end: number): number => {
  let last = end;
  while (last > offset && isInvisible(structure.charAt(last - 1))) last -= 1;
  return last;
};
