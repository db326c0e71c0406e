import { endOf, faultAt, type Span, sliceOf, spanBetween, withReplaced } from './fault.ts';
import type { Lexeme, NearLexeme } from './lexeme.ts';
import type { QueryFault } from './parsed-query.ts';

/** The operand that begins at the lexeme `at` going forward: a word, `property:word`, or parentheses. */
const operandAfter = (lexemes: readonly Lexeme[], at: number): { span: Span; next: number } | undefined => {
  const first = lexemes[at];
  if (first === undefined) return undefined;
  let index = first.type === 'property' ? at + 1 : at;
  let depth = 0;
  for (; index < lexemes.length; index += 1) {
    const lexeme = lexemes[index]!;
    if (lexeme.type === 'open') depth += 1;
    if (lexeme.type === 'close') depth -= 1;
    if (depth === 0)
      return lexeme.type === 'word' || lexeme.type === 'close'
        ? { span: spanBetween(first.offset, endOf(lexeme)), next: index + 1 }
        : undefined;
  }
  return undefined;
};

/** The lexeme at which the operand before `near` begins. */
const operandBefore = (lexemes: readonly Lexeme[], near: number): number => {
  let index = near - 1;
  let depth = 0;
  for (; index >= 0; index -= 1) {
    const { type } = lexemes[index]!;
    if (type === 'close') depth += 1;
    if (type === 'open') depth -= 1;
    if (depth === 0) break;
  }
  return lexemes[index - 1]?.type === 'property' ? index - 1 : index;
};

/** The fault of `a NEAR b NEAR c`, with the whole chain as pairs; `second` is the second NEAR. */
export const refuseChain = (text: string, lexemes: readonly Lexeme[], second: number): QueryFault => {
  const near = lexemes[second]!;
  const middle = operandBefore(lexemes, second);
  const start = operandBefore(lexemes, middle - 1);
  const operands: Span[] = [];
  const operators: NearLexeme[] = [];
  let at = start;
  for (;;) {
    const operand = operandAfter(lexemes, at);
    if (operand === undefined) break;
    operands.push(operand.span);
    const next = lexemes[operand.next];
    if (next?.type !== 'near') break;
    operators.push(next);
    at = operand.next + 1;
  }
  const message = 'NEAR joins two terms; a chain of them has no one meaning.';
  const details = { expected: '(a NEAR(n) b) AND (b NEAR(n) c)' };
  if (operands.length !== operators.length + 1) return faultAt(near, 'nearChain', message, details);
  const pairs = operators.map(
    (operator, index) =>
      `(${sliceOf(text, operands[index]!)} ${sliceOf(text, operator)} ${sliceOf(text, operands[index + 1]!)})`,
  );
  const chain = spanBetween(operands[0]!.offset, endOf(operands.at(-1)!));
  return faultAt(near, 'nearChain', message, {
    ...details,
    fixes: [withReplaced(text, chain, pairs.join(' AND '))],
  });
};
