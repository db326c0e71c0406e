import { endOf, sliceOf, warningAt } from './fault.ts';
import type { Lexeme, WordLexeme } from './lexeme.ts';
import type { QueryWarning } from './parsed-query.ts';

const likeOperator = /^(?:and|or|not|o?near)$/i;

const beginsTerm = (lexeme: Lexeme | undefined): boolean =>
  lexeme?.type === 'word' || lexeme?.type === 'open' || lexeme?.type === 'property' || lexeme?.type === 'not';
const endsTerm = (lexeme: Lexeme | undefined): boolean => lexeme?.type === 'word' || lexeme?.type === 'close';

/** Words that were perhaps meant as operators: bare, beside other terms. `not` may also begin a query or group. */
const suspects = (text: string, lexemes: readonly Lexeme[]): WordLexeme[] =>
  lexemes.filter((lexeme, index): lexeme is WordLexeme => {
    if (lexeme.type !== 'word' || lexeme.quoted || lexeme.star) return false;
    const written = sliceOf(text, lexeme);
    if (!likeOperator.test(written) || !beginsTerm(lexemes[index + 1])) return false;
    const before = lexemes[index - 1];
    return endsTerm(before) || (written.toLowerCase() === 'not' && before?.type !== 'property');
  });

/** A warning for each lower-case `and`, `or`, `not`, `near` between terms: it was read as a word. */
export const lowerCaseWarnings = (text: string, lexemes: readonly Lexeme[]): QueryWarning[] => {
  const words = suspects(text, lexemes);
  if (words.length === 0) return [];
  let other = '';
  let end = 0;
  for (const word of words) {
    other += text.slice(end, word.offset) + sliceOf(text, word).toUpperCase();
    end = endOf(word);
  }
  other += text.slice(end);
  return words.map((word, index) => {
    const written = sliceOf(text, word);
    const message = `"${written}" was read as a word; the operator is written ${written.toUpperCase()}.`;
    // One other reading for all of them: the first carries it.
    return warningAt(word, 'lowerCaseOperator', message, index === 0 ? other : undefined);
  });
};
