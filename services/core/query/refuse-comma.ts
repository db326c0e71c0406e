import { endOf, type Span, sliceOf, spanBetween, withReplaced } from './fault.ts';
import { addFault, currentGroup, isTermEnd, type Lexing } from './lexing.ts';
import { isQuote } from './pasted-signs.ts';
import type { Property } from './property-table.ts';

const listed = /[^\s,()]+(?:\s*,\s*(?!(?:AND|OR|NOT)\b)[^\s,():<>=]+(?=[\s,()]|$))*\s*,?/y;
const commas = /\s*,\s*/;

/** Where the parentheses that hold `at` end; the rest of the query if they never do. */
const groupEnd = ({ structure }: Lexing, at: number): number => {
  let depth = 0;
  for (let end = at; end < structure.length; end += 1) {
    if (structure[end] === '(') depth += 1;
    if (structure[end] === ')') depth -= 1;
    if (depth < 0) return end;
  }
  return structure.length;
};

const joined = (values: readonly string[], property: Property): string[] => {
  const written = values.map((value) => value.trim()).filter((value) => value !== '');
  const operators = property.repeats === 'refused' ? [' OR ', ' AND '] : [' OR '];
  return operators.map((operator) => written.join(operator));
};

const refuse = (lexing: Lexing, span: Span, fixes: readonly string[]): number => {
  addFault(lexing, span, 'invalidValue', 'A comma stands only in the lists of between: and only:.', {
    expected: 'OR between values in parentheses, or quotes round a value with a comma in it',
    fixes: fixes.map((fix) => withReplaced(lexing.text, span, fix)),
  });
  return endOf(span);
};

/**
 * Refuses values of a property with a comma between them; the comma is at `at`, and the value before it began at
 * `from`. Returns where to go on.
 */
export const refuseComma = (lexing: Lexing, from: number, at: number, property: Property): number => {
  const { structure } = lexing;
  if (currentGroup(lexing) !== undefined) {
    const span = spanBetween(from, groupEnd(lexing, at));
    const content = sliceOf(structure, span);
    // With quotes or parentheses inside, a comma may be part of a value.
    const isPlain = ![...content].some((sign) => isQuote(sign) || sign === '(');
    return refuse(lexing, span, isPlain ? joined(sliceOf(structure, span).split(commas), property) : []);
  }
  listed.lastIndex = from;
  const [written = ''] = listed.exec(structure) ?? [];
  const span = spanBetween(from, Math.max(from + written.trimEnd().length, at + 1));
  if ([...written].some(isQuote)) return refuse(lexing, span, []);
  const values = written.split(commas).filter((value) => value !== '');
  // One value and a comma behind it: only the comma is too much.
  if (values.length < 2)
    return refuse(lexing, span, [values.join('') + (isTermEnd(lexing, endOf(span)) ? '' : ' ')]);
  const groups = joined(values, property).map((values) => `(${values})`);
  return refuse(lexing, span, [...groups, `"${sliceOf(lexing.text, span)}"`]);
};
