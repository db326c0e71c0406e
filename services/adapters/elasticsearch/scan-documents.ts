import type { ElasticsearchDocument } from '../../../schemas/archive/index-document.ts';
import type { StoredDocument } from '../../ports/archive-index.ts';
import { type Engine, searchAll } from './engine.ts';
import { ofPartition } from './of-partition.ts';
import { toIndexed } from './stored-document.ts';

export interface DocumentRange {
  readonly partition: number;
  readonly by: 'firstOffset' | 'newestOffset';
  readonly from: number;
  /** Exclusive; absent = no end. */
  readonly to?: number;
  readonly limit: number;
}

const pageSize = 500;

/** In order of the field, then of the id. Every page sees what is searchable when it is read. */
export async function* scanPages(
  engine: Engine,
  range: DocumentRange,
): AsyncGenerator<readonly StoredDocument[]> {
  let after: readonly unknown[] | undefined;
  for (let left = range.limit; left > 0; left -= pageSize) {
    const size = Math.min(pageSize, left);
    const { hits } = await searchAll<ElasticsearchDocument>(engine, {
      query: queryOf(range),
      sort: [{ [range.by]: 'asc' }, { id: 'asc' }],
      size,
      track_total_hits: false,
      ...(after === undefined ? {} : { search_after: after }),
    });
    yield hits.hits.map(({ _source }) => ({ document: toIndexed(_source) }));
    if (hits.hits.length < size) return;
    after = hits.hits.at(-1)?.sort;
  }
}

export const scanDocuments = async (
  engine: Engine,
  range: DocumentRange,
): Promise<readonly StoredDocument[]> => (await Array.fromAsync(scanPages(engine, range))).flat();

const queryOf = ({ partition, by, from, to }: DocumentRange): object => ({
  bool: {
    filter: [
      ofPartition(partition),
      { range: { [by]: { gte: from, ...(to === undefined ? {} : { lt: to }) } } },
    ],
  },
});
