import { analyze } from './analyze.ts';
import type { TokenKind } from './token.ts';

/** Consecutive tokens to look for; `prefix`: the last is the beginning of a token. */
export interface PhraseTokens {
  readonly tokens: readonly string[];
  readonly prefix: boolean;
  /** A single word of digits, which joined digit groups may also give. */
  readonly isNumber: boolean;
  readonly hasCjk: boolean;
  /** Kind of the last token of the text; undefined if there is nothing to look for. */
  readonly lastKind: TokenKind | undefined;
  /** Where the last token of the text ends in it; 0 if there is none. */
  readonly lastEnd: number;
}

export interface PhraseOptions {
  /** A star follows the text. */
  readonly prefix?: boolean;
  /** The operand of a NEAR must end where its last character ends, or distances would be off by one. */
  readonly keepTail?: boolean;
}

/**
 * What a text of a query looks for. One CJK character is the beginning of a token. The last character of a longer
 * run is in the bigram before it, so its own token is dropped, or kept as a beginning where the end is counted.
 */
export const phraseTokens = (text: string, options: PhraseOptions = {}): PhraseTokens => {
  const { tokens } = analyze(text);
  const lastKind = tokens.at(-1)?.kind;
  const dropsTail = lastKind === 'tail' && options.keepTail !== true;
  const kept = dropsTail ? tokens.slice(0, -1) : tokens;
  const endsInWord = lastKind === 'word' || lastKind === 'digits';
  return {
    tokens: kept.map((token) => token.text),
    prefix:
      lastKind === 'single' || (lastKind === 'tail' && !dropsTail) || (endsInWord && options.prefix === true),
    isNumber: tokens.length === 1 && lastKind === 'digits',
    hasCjk: tokens.some(({ kind }) => kind === 'bigram' || kind === 'single'),
    lastKind,
    lastEnd: tokens.at(-1)?.end ?? 0,
  };
};
