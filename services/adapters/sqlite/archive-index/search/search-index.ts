import type { Item } from '../../../../../schemas/archive/item.ts';
import { toIndexDocument } from '../../../../core/item/index-document.ts';
import type { Query } from '../../../../core/query/ast.ts';
import { matchItem } from '../../../../core/query/match-item.ts';
import type { Hit, IndexFacet, Page, SearchResult } from '../../../../ports/archive-index.ts';
import type { IndexConnection } from '../index-connection.ts';
import { damagedItem } from '../index-fault.ts';
import { placeOf } from '../place.ts';
import { itemAt } from '../read-items.ts';
import { type Compiled, compileQuery } from './compile-query.ts';
import { both } from './condition.ts';
import { countFacet } from './count-facets.ts';
import { countItems, countUndetermined } from './count-items.ts';
import { refuseWidePrefixes } from './count-prefix-terms.ts';
import { compareKeys, readCursor, type SortKey, writeCursor } from './cursor.ts';
import { findLateFacts } from './late-facts.ts';
import { resolveLeaves } from './resolve-leaves.ts';
import { type Found, findPage } from './search-page.ts';

/** Hits and totals of one snapshot; the caller holds it. */
export const searchIndex = (
  connection: IndexConnection,
  query: Query,
  { page, partitions }: { readonly page: Page; readonly partitions: number },
): SearchResult => {
  const after = page.after === undefined ? undefined : readCursor(page.after, page.sort);
  refuseWidePrefixes(connection, query);
  const compiled = compileQuery(query, resolveLeaves(connection, query));
  const late = page.offsets === undefined ? undefined : findLateFacts(connection, partitions, page.offsets);
  const present = late === undefined ? compiled : within(compiled, late.untouched);
  const past = late === undefined ? noItems : matchItems(late.asOf(), query, page.sort);
  const found = [
    ...findPage(connection, present.sure, { sort: page.sort, after, limit: page.limit + 1 }),
    ...past.found.filter(({ key }) => after === undefined || compareKeys(key, after) > 0),
  ].sort((a, b) => compareKeys(a.key, b.key));
  const hits = found.slice(0, page.limit).map((one) => hitOf(connection, one));
  const last = found[page.limit - 1];
  return {
    hits,
    total: countItems(connection, present.sure) + past.found.length,
    undetermined: countUndetermined(connection, present) + past.undetermined,
    ...(last !== undefined && found.length > page.limit ? { next: writeCursor(last.key) } : {}),
    ...(page.facets === undefined
      ? {}
      : { facets: countFacets(connection, page.facets, { rows: present.sure, items: past.items }) }),
  };
};

const countFacets = (
  connection: IndexConnection,
  facets: readonly IndexFacet[],
  hits: Parameters<typeof countFacet>[2],
): NonNullable<SearchResult['facets']> =>
  Object.fromEntries(facets.map((facet) => [facet, countFacet(connection, facet, hits)]));

const within = ({ sure, possible, doubt }: Compiled, untouched: Compiled['sure']): Compiled => ({
  sure: both(sure, untouched),
  possible: both(possible, untouched),
  doubt,
});

/** An item as it was, found by the pure matcher. */
interface FoundItem extends Found {
  readonly item: Item;
}

interface Past {
  readonly found: readonly FoundItem[];
  readonly items: readonly Item[];
  readonly undetermined: number;
}

const noItems: Past = { found: [], items: [], undetermined: 0 };

const matchItems = (items: Iterable<Item>, query: Query, sort: Page['sort']): Past => {
  const found: FoundItem[] = [];
  let undetermined = 0;
  for (const item of items) {
    const { truth, versions } = matchItem(query, item);
    if (truth === 'unknown') undetermined += 1;
    if (truth === 'true') found.push({ key: keyOf(item, sort), versions, item });
  }
  return { found, items: found.map(({ item }) => item), undetermined };
};

const keyOf = (item: Item, sort: Page['sort']): SortKey => {
  const place = placeOf(item.partition, item.firstOffset);
  return sort === 'sent'
    ? { sort, sent: toIndexDocument(item).sent, place }
    : { sort, conversation: item.conversation.id, place };
};

const hitOf = (connection: IndexConnection, found: Found | FoundItem): Hit => {
  const item = 'item' in found ? found.item : itemAt(connection, found.key.place);
  if (item === undefined)
    throw damagedItem(connection.file, `at ${found.key.place}`, 'a version without its item');
  return { item, versions: found.versions };
};
