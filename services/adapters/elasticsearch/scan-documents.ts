import type { ElasticsearchDocument } from '../../../schemas/archive/index-document.ts';
import type { StoredDocument } from '../../ports/archive-index.ts';
import { type Engine, searchAll } from './engine.ts';
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
export const scanDocuments = async (
  engine: Engine,
  range: DocumentRange,
): Promise<readonly StoredDocument[]> => {
  const documents: StoredDocument[] = [];
  let after: readonly unknown[] | undefined;
  while (documents.length < range.limit) {
    const size = Math.min(pageSize, range.limit - documents.length);
    const { hits } = await searchAll<ElasticsearchDocument>(engine, {
      query: queryOf(range),
      sort: [{ [range.by]: 'asc' }, { id: 'asc' }],
      size,
      track_total_hits: false,
      ...(after === undefined ? {} : { search_after: after }),
    });
    for (const { _source } of hits.hits) documents.push({ document: toIndexed(_source) });
    if (hits.hits.length < size) break;
    after = hits.hits.at(-1)?.sort;
  }
  return documents;
};

const queryOf = ({ partition, by, from, to }: DocumentRange): object => ({
  bool: {
    filter: [
      { term: { partition } },
      { range: { [by]: { gte: from, ...(to === undefined ? {} : { lt: to }) } } },
    ],
  },
});
