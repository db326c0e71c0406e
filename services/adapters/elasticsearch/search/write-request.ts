import type { Query } from '../../../core/query/ast.ts';
import type { IndexFacet } from '../../../ports/archive-index.ts';
import { compileQuery } from './compile-query.ts';
import { all, both } from './condition.ts';
import { sortOf } from './cursor.ts';
import { facetAggregation } from './facets.ts';
import type { Wanted } from './found-items.ts';
import type { KnownFacts } from './known-facts.ts';
import { loosen } from './loosen.ts';
import type { Dsl, SearchBody } from './search-engine.ts';
import { allOf, anyOf, writeSomeVersion } from './write-dsl.ts';

/** Hits in one answer, and late items that an answer carries along (the engine's limit for `top_hits`). */
export const maxHits = 1000;
export const maxLate = 100;

/** One search that the engine answers exactly, but for the items of `late`, which the matcher must be asked about. */
export interface ExactRequest {
  readonly body: SearchBody;
  /** Items that match, without the late ones. */
  readonly found: Dsl;
  readonly late: Dsl | undefined;
}

/** Undefined if the engine cannot say exactly what the query means. */
export const writeExactRequest = (
  wanted: Wanted,
  known: KnownFacts,
  facets: readonly IndexFacet[],
): ExactRequest | undefined => {
  const { sure, possible, doubt, exact } = compileQuery(wanted.query, { asOf: false });
  const surely = exact ? writeSomeVersion(sure) : undefined;
  const unsure = both(doubt, possible);
  const doubtful = writeSomeVersion(unsure);
  if (surely === undefined || doubtful === undefined) return undefined;
  const found = allOf([surely], known.excluded);
  const undetermined = unsure.type === 'none' ? undefined : allOf([doubtful], [...known.excluded, surely]);
  const late = known.late === undefined ? undefined : allOf([known.late, mayMatch(wanted.query, true)]);
  return { body: bodyOf({ found, undetermined, late }, wanted, facets), found, late };
};

/** Items for which the query may be true or unknown; `asOf`: as they were at some earlier vector. */
export const mayMatch = (query: Query, asOf: boolean): Dsl => {
  const loosened = loosen(compileQuery(query, { asOf }).possible);
  return writeSomeVersion(loosened) ?? (writeSomeVersion(all) as Dsl);
};

interface Parts {
  readonly found: Dsl;
  readonly undetermined: Dsl | undefined;
  readonly late: Dsl | undefined;
}

/** All three kinds of items are found and counted by one search, so that they are of one state of the index. */
const bodyOf = (
  { found, undetermined, late }: Parts,
  wanted: Wanted,
  facets: readonly IndexFacet[],
): SearchBody => {
  const others = [undetermined, late].filter((part) => part !== undefined);
  const aggregations = {
    ...(undetermined === undefined ? {} : { undetermined: { filter: undetermined } }),
    ...(late === undefined ? {} : { late: lateItems(late) }),
    ...(facets.length === 0
      ? {}
      : { found: countedBy(others.length === 0 ? { match_all: {} } : found, facets) }),
  };
  return {
    query: { bool: { filter: [anyOf([found, ...others])] } },
    ...(others.length === 0 ? {} : { post_filter: found }),
    ...(Object.keys(aggregations).length === 0 ? {} : { aggregations }),
    ...pageOf(wanted),
    size: Math.min(wanted.limit, maxHits),
    track_total_hits: true,
  };
};

export const pageOf = ({ sort, after }: Pick<Wanted, 'sort' | 'after'>): Dsl => ({
  sort: sortOf(sort),
  _source: ['item'],
  ...(after === undefined ? {} : { search_after: after }),
});

const lateItems = (late: Dsl): Dsl => ({
  filter: late,
  aggregations: { items: { top_hits: { size: maxLate, sort: ['_doc'], _source: ['item'] } } },
});

const countedBy = (filter: Dsl, facets: readonly IndexFacet[]): Dsl => ({
  filter,
  aggregations: Object.fromEntries(facets.map((facet) => [facet, facetAggregation(facet)])),
});
