import type { Item } from '../../../../schemas/archive/item.ts';
import { HoldfastError } from '../../../core/errors.ts';
import { toIndexDocument } from '../../../core/item/index-document.ts';
import type { FacetCount, IndexFacet, SearchResult } from '../../../ports/archive-index.ts';
import { compareText } from './cursor.ts';
import type { Dsl } from './search-engine.ts';

const quarterHourMs = 15 * 60 * 1000;

const facetValue: Record<IndexFacet, (item: Item) => string> = {
  kind: ({ kind }) => kind,
  conversation: ({ conversation }) => conversation.id,
  sender: ({ versions }) => versions[0]?.author.address ?? '',
  quarterHour: (item) => String(Math.floor(toIndexDocument(item).sent / quarterHourMs) * quarterHourMs),
};

const sourceOf: Record<IndexFacet, Dsl> = {
  kind: { terms: { field: 'kind' } },
  conversation: { terms: { field: 'conversation' } },
  sender: { terms: { field: 'sender' } },
  quarterHour: { histogram: { field: 'sent', interval: quarterHourMs } },
};

/** Values asked for at once; a facet with more is paged through. */
const valuesPerPage = 1000;

/** Composite and not `terms`: that one knows only the most frequent values of each shard. */
export const facetAggregation = (facet: IndexFacet, after?: Dsl): Dsl => ({
  composite: {
    size: valuesPerPage,
    sources: [{ value: sourceOf[facet] }],
    ...(after === undefined ? {} : { after }),
  },
});

interface CompositeAnswer {
  readonly buckets: readonly {
    readonly key: { readonly value: string | number };
    readonly doc_count: number;
  }[];
  readonly after_key?: Dsl;
}

/** As `countedFieldsOf` writes it. */
const addressOf = (sender: string): string => {
  try {
    return JSON.parse(sender) as string;
  } catch (cause) {
    const detail =
      'The index counts by senders that no version of it wrote; `holdfast rebuild-index` makes it anew.';
    throw new HoldfastError('IndexUnavailable', { detail }, { cause });
  }
};

/** Counts of the facets asked for, from pages of the engine and from single items. */
export class FacetCounts {
  readonly #counts: ReadonlyMap<IndexFacet, Map<string, number>>;

  constructor(facets: readonly IndexFacet[]) {
    this.#counts = new Map(facets.map((facet) => [facet, new Map()]));
  }

  get facets(): readonly IndexFacet[] {
    return [...this.#counts.keys()];
  }

  addItem(item: Item): void {
    for (const facet of this.#counts.keys()) this.#add(facet, facetValue[facet](item), 1);
  }

  /** Takes a page of values; returns after which value the next one begins if there may be more. */
  addPage(facet: IndexFacet, answer: unknown): Dsl | undefined {
    const { buckets, after_key: next } = answer as CompositeAnswer;
    for (const { key, doc_count: count } of buckets) {
      const value = String(key.value);
      this.#add(facet, facet === 'sender' ? addressOf(value) : value, count);
    }
    return buckets.length < valuesPerPage ? undefined : next;
  }

  /** Most frequent first, then by value. */
  sorted(): NonNullable<SearchResult['facets']> {
    const list = (counts: ReadonlyMap<string, number>): readonly FacetCount[] =>
      [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count || compareText(a.value, b.value));
    return Object.fromEntries([...this.#counts].map(([facet, counts]) => [facet, list(counts)]));
  }

  #add(facet: IndexFacet, value: string, count: number): void {
    const counts = this.#counts.get(facet);
    counts?.set(value, (counts.get(value) ?? 0) + count);
  }
}
