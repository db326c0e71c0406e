import { sliceOf, warningAt, withReplaced } from './fault.ts';
import type { Lexeme } from './lexeme.ts';
import type { QueryWarning } from './parsed-query.ts';
import { properties } from './property-table.ts';

const dateForm = /^\d{4}-\d{2}-\d{2}(?:t\d{2}:\d{2}\S*)?$/i;

/** A warning for each bare date after a date condition, as in `sent:2024-01-01 OR 2024-02-01`: it was read as text. */
export const dateAsTextWarnings = (text: string, lexemes: readonly Lexeme[]): QueryWarning[] => {
  const warnings: QueryWarning[] = [];
  const groups: boolean[] = [];
  let name: string | undefined;
  for (const [index, lexeme] of lexemes.entries()) {
    const before = lexemes[index - 1];
    if (lexeme.type === 'open') groups.push(before?.type === 'property' || groups.at(-1) === true);
    if (lexeme.type === 'close') groups.pop();
    if (lexeme.type === 'property' && properties[lexeme.name]?.type === 'date') name = lexeme.name;
    if (lexeme.type !== 'word' || lexeme.quoted || before?.type === 'property' || groups.at(-1) === true)
      continue;
    const isOperand = before?.type === 'near' || lexemes[index + 1]?.type === 'near';
    if (name === undefined || isOperand || !dateForm.test(sliceOf(text, lexeme))) continue;
    const reading = `${name}:${sliceOf(text, lexeme)}`;
    const message = `This date was read as text; as a condition it is written ${reading}.`;
    warnings.push(warningAt(lexeme, 'dateAsText', message, withReplaced(text, lexeme, reading)));
  }
  return warnings;
};
