import type { Item } from '../../../../schemas/archive/item.ts';
import { toIndexDocument } from '../../../core/item/index-document.ts';
import { itemAsOf } from '../../../core/item/item-as-of.ts';
import type { Query } from '../../../core/query/ast.ts';
import { matchItem } from '../../../core/query/match-item.ts';
import type { Hit, Page } from '../../../ports/archive-index.ts';
import { compareKeys, type SortKey } from './cursor.ts';
import type { FacetCounts } from './facets.ts';

export interface Found extends Hit {
  readonly key: SortKey;
}

/** What the page asks for, read. */
export interface Wanted {
  readonly query: Query;
  readonly sort: Page['sort'];
  readonly after: SortKey | undefined;
  /** One more than the page, to know whether there is a next one. */
  readonly limit: number;
  readonly endOf: (partition: number) => number;
}

const sortKeyOf = (item: Item, sort: Page['sort']): SortKey => [
  sort === 'sent' ? toIndexDocument(item).sent : item.conversation.id,
  item.partition,
  item.firstOffset,
];

/** Asks the matcher about items as they were at the vector; keeps no more of them than a page needs. */
export class FoundItems {
  total = 0;
  undetermined = 0;
  readonly #wanted: Wanted;
  readonly #facets: FacetCounts;
  #best: Found[] = [];

  constructor(wanted: Wanted, facets: FacetCounts) {
    this.#wanted = wanted;
    this.#facets = facets;
  }

  ask(stored: Item): void {
    const { query, sort, after, limit, endOf } = this.#wanted;
    const item = itemAsOf(stored, endOf(stored.partition));
    if (item === undefined) return;
    const { truth, versions } = matchItem(query, item);
    if (truth === 'unknown') this.undetermined += 1;
    if (truth !== 'true') return;
    this.total += 1;
    this.#facets.addItem(item);
    const key = sortKeyOf(item, sort);
    if (after !== undefined && compareKeys(key, after) <= 0) return;
    this.#best.push({ item, versions, key });
    if (this.#best.length > 2 * limit + 100) this.#best = this.first();
  }

  /** The first of the order beyond the cursor, in order. */
  first(): Found[] {
    const { limit } = this.#wanted;
    return this.#best.sort((a, b) => compareKeys(a.key, b.key)).slice(0, limit);
  }
}
