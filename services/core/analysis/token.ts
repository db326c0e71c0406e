/**
 * `bigram`: two CJK characters; `tail`: the last CJK character of a longer run; `single`: a run of one.
 * `digits`: a word of decimal digits only.
 */
export type TokenKind = 'word' | 'digits' | 'bigram' | 'tail' | 'single' | 'sign' | 'emoji';

/** A token and the UTF-16 range of the original text it stands for. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
  /** End of the first character of a bigram: where a hit of that character alone ends. Else `end`. */
  readonly headEnd: number;
}

export interface Analysis {
  /** In text order; their positions are what phrases and NEAR count. */
  readonly tokens: readonly Token[];
  /** Joined forms of digit groups: single words without position. */
  readonly joined: readonly Token[];
}
