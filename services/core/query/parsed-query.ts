import type { Query } from './ast.ts';

/** A note, or a warning of class `meaning` that a reader must see before trusting the answer. */
export interface QueryWarning {
  readonly code: string;
  readonly class: 'meaning' | 'note';
  readonly message: string;
  /** UTF-16 position in the query text. */
  readonly offset: number;
  readonly length: number;
  /** The other reading, as a query text, where there is one. */
  readonly otherReading?: string;
}

/** Why a query was refused: where, what was expected, and a corrected query where possible. */
export interface QueryFault {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  readonly expected?: string;
  readonly fixes: readonly string[];
}

export interface ParsedQuery {
  readonly text: string;
  readonly query: Query;
  /** The query as understood: fully parenthesised, dates resolved to instants. */
  readonly echo: string;
  /** Each condition of the query as a query of its own, for counting. */
  readonly terms: readonly { readonly echo: string; readonly query: Query }[];
  readonly warnings: readonly QueryWarning[];
  readonly timeZone: string;
}

export type ParseResult =
  | { readonly ok: true; readonly parsed: ParsedQuery }
  | { readonly ok: false; readonly faults: readonly QueryFault[] };

/** Everything a query means beside its text; equal inputs give equal results. */
export interface ParseOptions {
  readonly now: Date;
  /** IANA zone by which bare days and `today` are understood. */
  readonly timeZone: string;
}
