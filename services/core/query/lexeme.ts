import type { Span } from './fault.ts';

/** `any`: whoever the value names · `address`: after `=` · `id`: after `id:` · `other`: after `!`. */
export type ValueMode = 'any' | 'address' | 'id' | 'other';
export type Comparison = ':' | '=' | '<' | '>' | '<=' | '>=' | '<>';

/** A word, phrase or value, without its quotes and star. */
export interface WordLexeme extends Span {
  readonly type: 'word';
  readonly text: string;
  readonly quoted: boolean;
  readonly star: boolean;
  readonly mode: ValueMode;
}
export interface PropertyLexeme extends Span {
  readonly type: 'property';
  /** Lower case; always a known property of this release. */
  readonly name: string;
  readonly comparison: Comparison;
}
export interface NearLexeme extends Span {
  readonly type: 'near';
  readonly ordered: boolean;
  /** Undefined: the default. */
  readonly distance: number | undefined;
}
type Sign<Type extends string> = Type extends string ? Span & { readonly type: Type } : never;
export type OperatorLexeme = Sign<'and' | 'or' | 'not'> | NearLexeme;
export type Lexeme = WordLexeme | PropertyLexeme | OperatorLexeme | Sign<'open' | 'close' | 'comma'>;
