import { spanBetween } from './fault.ts';
import { lexMinus, lexOperator } from './lex-operator.ts';
import { lexProperty, lexValue } from './lex-property.ts';
import { lexBareWord, lexQuoted } from './lex-word.ts';
import type { Lexeme } from './lexeme.ts';
import { addFault, currentGroup, type Lexing, note, noteSign, startLexing } from './lexing.ts';
import { refuseMisread } from './misread-condition.ts';
import type { QueryFault, QueryWarning } from './parsed-query.ts';
import { isInvisible, isPlainSpace, isSpace } from './pasted-signs.ts';
import type { Property } from './property-table.ts';
import { queryLimits } from './query-limits.ts';
import { refuseComma } from './refuse-comma.ts';

export interface Lexed {
  readonly lexemes: readonly Lexeme[];
  readonly faults: readonly QueryFault[];
  readonly warnings: readonly QueryWarning[];
}

const lexParenthesis = (lexing: Lexing, at: number): void => {
  const span = spanBetween(at, at + 1);
  noteSign(lexing, span);
  if (lexing.structure[at] === '(') {
    lexing.lexemes.push({ type: 'open', ...span });
    lexing.groups.push(currentGroup(lexing));
  } else {
    lexing.lexemes.push({ type: 'close', ...span });
    lexing.groups.pop();
  }
};

const lexSpace = (lexing: Lexing, at: number): void => {
  const character = lexing.text.charAt(at);
  if (!isPlainSpace(character) && !isInvisible(character))
    note(lexing, 'pastedSpace', spanBetween(at, at + 1), 'Unicode spaces were read as spaces.');
};

/** A term, operator or property outside quotes; returns where it ends. */
const lexTerm = (lexing: Lexing, at: number): number => {
  const group = currentGroup(lexing);
  if (group?.type === 'list') return lexValue(lexing, at, group);
  const minus = lexMinus(lexing, at);
  if (minus >= 0) return minus;
  const operator = lexOperator(lexing, at);
  if (operator >= 0) return operator;
  if (group !== undefined && group.type !== 'text') return lexValue(lexing, at, group);
  const quoted = lexQuoted(lexing, at, at, 'any');
  if (quoted >= 0) return quoted;
  const offset = lexing.lexemes.length;
  const property = lexProperty(lexing, at);
  const misread = property < 0 ? refuseMisread(lexing, at) : -1;
  if (misread >= 0) return misread;
  if (property < 0) return lexBareWord(lexing, at, at, { mode: 'any', endsAtComma: false, isText: true });
  const first = lexing.lexemes[offset];
  if (group !== undefined && first?.type === 'property')
    addFault(
      lexing,
      first,
      'nestedProperty',
      `${first.name}: cannot stand inside the parentheses of another property.`,
    );
  return property;
};

const takesNoComma = (group: Property | undefined): boolean =>
  group !== undefined && group.type !== 'list' && group.type !== 'text';

/** Splits a query into lexemes; with a fault among them the lexemes are of no use. */
export const lexQuery = (text: string): Lexed => {
  const lexing = startLexing(text);
  let at = 0;
  while (at < text.length && lexing.faults.length < queryLimits.faults) {
    const character = lexing.structure.charAt(at);
    const span = spanBetween(at, at + 1);
    if (isSpace(character)) {
      lexSpace(lexing, at);
      at += 1;
    } else if (character === '(' || character === ')') {
      lexParenthesis(lexing, at);
      at += 1;
    } else if (character === ',' && takesNoComma(currentGroup(lexing))) {
      at = refuseComma(lexing, at, at, currentGroup(lexing)!);
    } else if (character === ',' && currentGroup(lexing)?.type === 'list') {
      noteSign(lexing, span);
      lexing.lexemes.push({ type: 'comma', ...span });
      at += 1;
    } else at = Math.max(lexTerm(lexing, at), at + 1);
  }
  return { lexemes: lexing.lexemes, faults: lexing.faults, warnings: [...lexing.notes.values()] };
};
