import type { IndexedDocument } from './document-faults.ts';
import { type Engine, read } from './engine.ts';

export interface WalkedPage {
  readonly documents: readonly IndexedDocument[];
  /** The moment all pages show. */
  readonly pit: string;
  /** Of the whole index; with the last page only. */
  readonly indexedVersions?: number;
}

interface Answer {
  readonly pit_id: string;
  readonly hits: {
    readonly hits: readonly {
      readonly _id: string;
      readonly _source: IndexedDocument['source'];
      readonly fields?: IndexedDocument['fields'];
      readonly sort: readonly unknown[];
    }[];
  };
  readonly aggregations?: { readonly versions: { readonly doc_count: number } };
}

const pageSize = 500;
const keepAlive = '5m';

/** Fields of a document that the engine can give back as it indexed them. */
const fields = [
  'id',
  'generation',
  'partition',
  'firstOffset',
  'newestOffset',
  'conversation',
  'session',
  'sent',
  'edits',
  'deletedAt',
  'itemHash',
  'kind',
  'sender',
];

/** Every document as of one moment, in no order. */
export async function* walkIndex(engine: Engine): AsyncGenerator<WalkedPage> {
  const { id } = await read<{ id: string }>(engine, {
    method: 'POST',
    path: `/${engine.names.read}/_pit`,
    query: { keep_alive: keepAlive, preference: engine.preference },
  });
  let pit = id;
  try {
    for (let after: readonly unknown[] | undefined; ; ) {
      const answer = await readPage(engine, pit, after);
      pit = answer.pit_id;
      const { hits } = answer.hits;
      after = hits.at(-1)?.sort;
      const isLast = hits.length < pageSize;
      yield {
        documents: hits.map(({ _id, _source, fields: indexed = {} }) => ({
          id: _id,
          source: _source,
          fields: indexed,
        })),
        pit,
        ...(isLast ? { indexedVersions: await countVersions(engine, pit) } : {}),
      };
      if (isLast) return;
    }
  } finally {
    await engine.connection
      .request({ method: 'DELETE', path: '/_pit', body: { id: pit } })
      // It ends by itself.
      .catch(() => undefined);
  }
}

const readPage = (engine: Engine, pit: string, after: readonly unknown[] | undefined): Promise<Answer> =>
  searchMoment(engine, {
    pit: { id: pit, keep_alive: keepAlive },
    size: pageSize,
    track_total_hits: false,
    sort: [{ _shard_doc: 'asc' }],
    docvalue_fields: fields,
    ...(after === undefined ? {} : { search_after: after }),
  });

const countVersions = async (engine: Engine, pit: string): Promise<number> => {
  const { aggregations } = await searchMoment(engine, {
    pit: { id: pit, keep_alive: keepAlive },
    size: 0,
    track_total_hits: false,
    aggs: { versions: { nested: { path: 'versions' } } },
  });
  return aggregations?.versions.doc_count ?? 0;
};

const searchMoment = (engine: Engine, body: object): Promise<Answer> =>
  read(engine, {
    method: 'POST',
    path: '/_search',
    query: { allow_partial_search_results: false },
    body,
  });
