import type { IndexFacet } from '../../../ports/archive-index.ts';
import type { FacetCounts } from './facets.ts';
import type { Found, Wanted } from './found-items.ts';
import type { KnownFacts } from './known-facts.ts';

/** A search, read. */
export interface Asked {
  readonly wanted: Wanted;
  readonly known: KnownFacts;
  readonly facets: readonly IndexFacet[];
}

export interface Answered {
  /** In order, at most as many as wanted. */
  readonly found: readonly Found[];
  readonly total: number;
  readonly undetermined: number;
  readonly facets: FacetCounts;
}
