import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { SeenAt } from './bulk-operation.ts';
import { change, type Engine, read } from './engine.ts';
import { unavailable } from './index-fault.ts';

/** What decides about a stored document, and where it stood when it was read. */
export type StoredHead = Pick<IndexDocument, 'partition' | 'newestOffset' | 'itemHash'> & {
  readonly seen: SeenAt;
};

interface GotDocument<Source> {
  readonly _id: string;
  readonly _index: string;
  readonly found?: boolean;
  readonly error?: { readonly type?: string };
  readonly _seq_no: number;
  readonly _primary_term: number;
  readonly _source: Source;
}

interface GetRequest {
  readonly alias: string;
  readonly fields: readonly string[];
  /** For a write: as patient as it. */
  readonly isForWrite: boolean;
}

const maxIdsPerRequest = 1_000;

/** The newest state, searchable or not, of those of the documents that are there. */
export const getDocuments = async <Source>(
  engine: Engine,
  ids: readonly string[],
  { alias, fields, isForWrite }: GetRequest,
): Promise<readonly GotDocument<Source>[]> => {
  const found: GotDocument<Source>[] = [];
  for (let at = 0; at < ids.length; at += maxIdsPerRequest) {
    const send = isForWrite ? change : read;
    const { docs } = await send<{ docs: readonly GotDocument<Source>[] }>(engine, {
      method: 'POST',
      path: `/${alias}/_mget`,
      query: { _source_includes: fields.join(',') },
      body: { ids: ids.slice(at, at + maxIdsPerRequest) },
    });
    for (const document of docs) {
      if (document.error !== undefined)
        throw unavailable(`Item ${document._id} could not be read: ${document.error.type}.`);
      if (document.found === true) found.push(document);
    }
  }
  return found;
};

export const readHeads = async (
  engine: Engine,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredHead>> => {
  const documents = await getDocuments<Omit<StoredHead, 'seen'>>(engine, ids, {
    alias: engine.names.write,
    fields: ['partition', 'newestOffset', 'itemHash'],
    isForWrite: true,
  });
  return new Map(
    documents.map(({ _id, _index, _seq_no, _primary_term, _source }) => [
      _id,
      { ..._source, seen: { index: _index, seqNo: _seq_no, primaryTerm: _primary_term } },
    ]),
  );
};
