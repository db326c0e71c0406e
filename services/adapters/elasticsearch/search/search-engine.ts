import { isHoldfastError } from '../../../core/errors.ts';

/** Plain JSON of the query language of Elasticsearch. */
export type Dsl = Readonly<Record<string, unknown>>;

/** The body of `_search`. With `pit` it names no index; without, it is sent to the read alias. */
export interface SearchBody extends Dsl {
  readonly query?: Dsl;
  readonly size: number;
  readonly pit?: { readonly id: string; readonly keep_alive: string };
}

export interface EngineHit {
  readonly _id: string;
  /** What `_source` of the body asks for. */
  readonly _source?: unknown;
  readonly sort?: readonly (string | number)[];
}

export interface SearchAnswer {
  /** Exact where the body says `track_total_hits: true`; absent where it says false. */
  readonly total: number | undefined;
  readonly hits: readonly EngineHit[];
  readonly aggregations: Readonly<Record<string, unknown>>;
  /** Of a search in a point in time: the id that the next one must use. */
  readonly pit?: string;
}

/**
 * What a search needs of the engine. Every call is answered whole or throws: `allow_partial_search_results=false`,
 * a shard that failed and `timed_out` are errors (`IndexUnavailable`). An engine that refuses a search because it has
 * too many clauses (`too_many_clauses`, `too_many_nested_clauses` or `maxClauseCount` anywhere in what it says) throws
 * `tooManyClauses`.
 */
export interface SearchEngine {
  search(body: SearchBody): Promise<SearchAnswer>;
  /** A snapshot of the index behind the read alias. */
  openPointInTime(keepAlive: string): Promise<string>;
  closePointInTime(id: string): Promise<void>;
  /**
   * The query as each shard rewrites it: `explanation` of every shard of
   * `_validate/query?explain=true&rewrite=true&all_shards=true`. Not valid is an error, and so is a shard that failed,
   * where the answer says `valid` all the same.
   */
  explain(query: Dsl): Promise<readonly string[]>;
}

/** Details of the `HoldfastError('QueryRefused', …)` for a search of more clauses than the engine takes. */
export const tooManyClauses = { limit: 'clauses', detail: 'The index cannot evaluate so many conditions.' };

export const isTooManyClauses = (error: unknown): boolean =>
  isHoldfastError(error, 'QueryRefused') && error.details.limit === tooManyClauses.limit;
