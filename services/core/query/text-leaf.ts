import { type PhraseTokens, phraseTokens } from '../analysis/phrase-tokens.ts';
import type { Phrase, TextField } from './ast.ts';
import { faultAt, type Span, withReplaced } from './fault.ts';
import type { WordLexeme } from './lexeme.ts';
import { queryLimits } from './query-limits.ts';
import { quoteText } from './quote.ts';
import type { Building, Leaf, TextTerm } from './syntax.ts';

const refuseStar = (building: Building, span: Span, source: string): void => {
  const message = 'A star must follow a letter or digit directly.';
  const fixes = [withReplaced(building.text, span, quoteText(source, false))];
  building.faults.push(faultAt(span, 'wildcardPlace', message, { expected: 'a form such as brand*', fixes }));
};

/** False, with a fault, if the star of this term cannot be answered. */
const isStarAllowed = (building: Building, span: Span, source: string, found: PhraseTokens): boolean => {
  if (found.lastKind === 'sign' || found.lastKind === 'emoji' || found.lastEnd !== source.trimEnd().length) {
    refuseStar(building, span, source);
    return false;
  }
  const isCjk = found.lastKind === 'tail' || found.lastKind === 'single';
  const last = found.tokens.at(-1) ?? '';
  if (isCjk || [...last].length >= queryLimits.prefixCharacters) return true;
  const minimum = queryLimits.prefixCharacters;
  building.faults.push(
    faultAt(span, 'prefixTooShort', `A beginning needs at least ${minimum} characters before its star.`, {
      expected: `${minimum} characters, or ${queryLimits.prefixCjkCharacters} CJK character`,
      fixes: [withReplaced(building.text, span, quoteText(source, false))],
    }),
  );
  return false;
};

const refuseEmpty = (building: Building, span: Span): void => {
  building.faults.push(
    faultAt(span, 'nothingToSearch', 'There is nothing to search for in this term.', {
      expected: 'a letter, digit, emoji, or a sign that touches one',
      fixes: removals(building.text, span),
    }),
  );
};

/** The query without the term, unless nothing would be left. */
const removals = (text: string, span: Span): string[] => {
  const rest = withReplaced(text, span, '').trim();
  return /[\p{L}\p{N}]/u.test(rest) ? [rest] : [];
};

/** The condition a word or phrase of text is; undefined, with a fault, if it is none. */
export const textLeaf = (
  building: Building,
  word: WordLexeme,
  { field, property }: { field: TextField; property?: string },
): Leaf | undefined => {
  const found = phraseTokens(word.text, { prefix: word.star });
  if (found.tokens.length === 0) {
    refuseEmpty(building, word);
    return undefined;
  }
  if (word.star && !isStarAllowed(building, word, word.text, found)) return undefined;
  const phrase = { tokens: found.tokens, prefix: found.prefix, joined: found.isNumber };
  const written = quoteText(word.text, word.star);
  return {
    type: 'leaf',
    query: { type: 'text', field, phrase },
    echo: property === undefined ? written : `${property}:${written}`,
    terms: 1,
    text: { source: word.text, star: word.star, field },
    ...(field === 'names' ? { repeats: { property: 'attachmentnames', rule: 'refused' as const } } : {}),
  };
};

/** The phrase of a NEAR operand: it ends where its last character ends. */
export const nearPhrase = ({ source, star }: TextTerm): { phrase: Phrase; hasCjk: boolean } => {
  const found = phraseTokens(source, { prefix: star, keepTail: true });
  return { phrase: { tokens: found.tokens, prefix: found.prefix, joined: false }, hasCjk: found.hasCjk };
};
