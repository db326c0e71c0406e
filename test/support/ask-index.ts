import assert from 'node:assert/strict';
import type { Item } from '../../schemas/archive/item.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { Query } from '../../services/core/query/ast.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import type { ArchiveIndex, Page, PutOutcome, SearchResult } from '../../services/ports/archive-index.ts';
import { buildItem, type ItemSpec } from './item-builder.ts';

/** A message as it comes out of an index again: without fields that are `undefined`. */
export const message = (id: string, offset: number, spec: ItemSpec = {}): Item =>
  JSON.parse(JSON.stringify(buildItem({ id, offset, body: 'alpha', ...spec }))) as Item;

export const putItems = (
  index: Pick<ArchiveIndex, 'put'>,
  ...items: readonly Item[]
): Promise<readonly PutOutcome[]> => index.put(items.map(toIndexDocument));

export const queryOf = (text: string): Query => {
  const parsed = parseQuery(text, { now: new Date('2024-03-10T12:00:00.000Z'), timeZone: 'UTC' });
  assert.ok(parsed.ok, `${text.slice(0, 80)} is a query`);
  return parsed.parsed.query;
};

export const searchIn = (
  index: ArchiveIndex,
  query: Query | string,
  page: Partial<Page> = {},
): Promise<SearchResult> =>
  index.search({ id: 'tester' }, 'test', typeof query === 'string' ? queryOf(query) : query, {
    limit: 100,
    sort: 'sent',
    ...page,
  });

/** Ids of the hits, in order. */
export const idsOf = ({ hits }: SearchResult): string => hits.map(({ item }) => item.id).join(' ');

/** Ids of what a query finds, sorted. */
export const found = async (index: ArchiveIndex, query: string): Promise<string> =>
  (await searchIn(index, query)).hits
    .map(({ item }) => item.id)
    .sort()
    .join(' ');
