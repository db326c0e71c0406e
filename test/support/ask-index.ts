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

/** Puts items so that the next search sees them. */
export const putItems = async (
  index: Pick<ArchiveIndex, 'put' | 'refresh'>,
  ...items: readonly Item[]
): Promise<readonly PutOutcome[]> => {
  const outcomes = await index.put(items.map(toIndexDocument));
  await index.refresh();
  return outcomes;
};

/** Takes every document of a partition out of the index again. */
export const clearPartition = async (index: ArchiveIndex, partition: number): Promise<void> => {
  const all = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 10_000 };
  const stored = await index.touched(partition, all);
  const corrected = await index.correct(stored.map(({ document }) => ({ seen: document })));
  assert.ok(!corrected.includes(false));
  await index.refresh();
};

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
