import type { Query, TextField } from './ast.ts';
import type { Span } from './fault.ts';
import type { ParseOptions, QueryFault, QueryWarning } from './parsed-query.ts';
import type { Repeats } from './property-table.ts';

/** A word or phrase of text as written, so that NEAR can analyse it by its own rule. */
export interface TextTerm {
  readonly source: string;
  readonly star: boolean;
  readonly field: TextField;
}

/** One condition, with what it means and how the echo writes it. */
export interface Leaf {
  readonly type: 'leaf';
  readonly query: Query;
  readonly echo: string;
  readonly terms: number;
  /** Set on equality with a property that means something else when it stands side by side. */
  readonly repeats?: { readonly property: string; readonly rule: Exclude<Repeats, 'and'> };
  readonly isEvent?: true;
  readonly text?: TextTerm;
}

/** `levels`: AND, OR and NOT inside one another; bounded, so what walks a syntax tree may recur. */
export type Syntax =
  | Leaf
  | { readonly type: 'not'; readonly operand: Syntax; readonly levels: number }
  | { readonly type: 'and' | 'or'; readonly operands: readonly Syntax[]; readonly levels: number };

export const levelsOf = (syntax: Syntax): number => (syntax.type === 'leaf' ? 0 : syntax.levels);

/** AND or OR of at least one operand; like operators inside one another are one. */
export const combine = (type: 'and' | 'or', operands: readonly Syntax[]): Syntax => {
  const [only] = operands;
  if (only !== undefined && operands.length === 1) return only;
  const flat = operands.flatMap((operand) => (operand.type === type ? operand.operands : [operand]));
  const levels = flat.reduce((most, operand) => Math.max(most, levelsOf(operand)), 0) + 1;
  return { type, operands: flat, levels };
};

export const negate = (operand: Syntax, times: number): Syntax => {
  let syntax = operand;
  for (let count = 0; count < times; count += 1)
    syntax = { type: 'not', operand: syntax, levels: levelsOf(syntax) + 1 };
  return syntax;
};

/** What is said twice side by side is looked for once. */
export const lower = (syntax: Syntax): Query => {
  if (syntax.type === 'leaf') return syntax.query;
  if (syntax.type === 'not') return { type: 'not', operand: lower(syntax.operand) };
  const distinct = new Map(syntax.operands.map((operand) => [echoOf(operand, false), operand]));
  const operands = [...distinct.values()].map(lower);
  return operands.length === 1 ? operands[0]! : { type: syntax.type, operands };
};

/** The query as understood: every AND and OR in parentheses, but the outermost. */
export const echoOf = (syntax: Syntax, isOutermost = true): string => {
  if (syntax.type === 'leaf') return syntax.echo;
  if (syntax.type === 'not') return `NOT ${echoOf(syntax.operand, false)}`;
  const inside = syntax.operands
    .map((operand) => echoOf(operand, false))
    .join(syntax.type === 'and' ? ' AND ' : ' OR ');
  return isOutermost ? inside : `(${inside})`;
};

export const countTerms = (syntax: Syntax): number => {
  if (syntax.type === 'leaf') return syntax.terms;
  if (syntax.type === 'not') return countTerms(syntax.operand);
  return syntax.operands.reduce((sum, operand) => sum + countTerms(operand), 0);
};

export const namesEvent = (syntax: Syntax): boolean => {
  if (syntax.type === 'leaf') return syntax.isEvent === true;
  return syntax.type === 'not' ? namesEvent(syntax.operand) : syntax.operands.some(namesEvent);
};

/** Every condition once, as the echo writes it, in order. */
export const leavesOf = (syntax: Syntax): ReadonlyMap<string, Leaf> => {
  const leaves = new Map<string, Leaf>();
  const visit = (part: Syntax): void => {
    if (part.type === 'leaf') leaves.set(part.echo, part);
    else if (part.type === 'not') visit(part.operand);
    else for (const operand of part.operands) visit(operand);
  };
  visit(syntax);
  return leaves;
};

/** A query while its meaning is made: what went wrong or is worth a note is collected here. */
export interface Building {
  readonly text: string;
  readonly options: ParseOptions;
  readonly faults: QueryFault[];
  readonly warnings: QueryWarning[];
}

/** A condition in the query text, with where it stands. */
export interface Placed<T> {
  readonly span: Span;
  readonly value: T;
}
