import { phraseTokens } from '../analysis/phrase-tokens.ts';
import { HoldfastError, isHoldfastError } from '../errors.ts';
import { faultAt, type Span, spanBetween } from './fault.ts';
import { lexQuery } from './lex-query.ts';
import { maxPrefixTerms } from './prefix-limit.ts';

/** Where the query writes this beginning; the whole query if it does so nowhere, as another reading of it might. */
const placeOf = (text: string, prefix: string): Span => {
  const words = lexQuery(text).lexemes.filter((lexeme) => lexeme.type === 'word');
  // A NEAR operand keeps its last character, so one word may stand for either of two beginnings.
  for (const keepTail of [false, true])
    for (const { offset, length, text: source, star } of words) {
      const found = phraseTokens(source, { prefix: star, keepTail });
      if (found.prefix && found.tokens.at(-1) === prefix) return { offset, length };
    }
  return spanBetween(0, text.length);
};

/**
 * The refusal of a beginning that stands for too many words (`assertFewTerms`), which an index raises without knowing
 * the text, as a refusal with the place of the term, like those of the parser. Any other error as it is.
 */
export const placeWidePrefix = (error: unknown, text: string): unknown => {
  if (!isHoldfastError(error, 'QueryRefused')) return error;
  const { prefix, terms, detail } = error.details;
  if (typeof prefix !== 'string' || typeof terms !== 'number' || typeof detail !== 'string') return error;
  const fault = faultAt(placeOf(text, prefix), 'prefixTooShort', detail, {
    expected: `a longer beginning: at most ${maxPrefixTerms} different words`,
  });
  return new HoldfastError(
    'QueryRefused',
    { ...error.details, faults: [{ ...fault, terms }] },
    { cause: error },
  );
};
