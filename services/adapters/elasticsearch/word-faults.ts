import type { IndexedVersion } from '../../../schemas/archive/index-document.ts';
import type { IndexedDocument } from './document-faults.ts';
import { type Engine, read } from './engine.ts';
import { unavailable } from './index-fault.ts';

const searchesPerRequest = 100;
/** A search takes so many conditions; longer texts are asked for their first words. */
const maxWords = 200;
const maxVersions = 4;

interface Answer {
  readonly responses: readonly {
    readonly error?: { readonly type?: string };
    readonly hits?: { total: { value: number } };
  }[];
}

/** Ids of the documents that a search for all their words does not find. */
export const findMisindexed = async (
  engine: Engine,
  pit: string,
  documents: readonly IndexedDocument[],
): Promise<readonly string[]> => {
  const missed: string[] = [];
  for (let at = 0; at < documents.length; at += searchesPerRequest) {
    const asked = documents.slice(at, at + searchesPerRequest);
    const { responses } = await read<Answer>(engine, {
      method: 'POST',
      path: '/_msearch',
      lines: asked
        .map((document) => `{"allow_partial_search_results":false}\n${searchFor(document, pit)}\n`)
        .join(''),
    });
    for (const [number, { id }] of asked.entries()) {
      const { error, hits } = responses[number] ?? {};
      if (error !== undefined)
        throw unavailable(`A search for the words of item ${id} failed: ${error.type}.`);
      if (hits?.total.value !== 1) missed.push(id);
    }
  }
  return missed;
};

const searchFor = ({ id, source }: IndexedDocument, pit: string): string =>
  JSON.stringify({
    pit: { id: pit },
    size: 0,
    track_total_hits: true,
    query: {
      bool: {
        filter: [
          { ids: { values: [id] } },
          ...(source.versions ?? []).slice(0, maxVersions).map(versionQuery),
        ],
      },
    },
  });

const versionQuery = (version: IndexedVersion): object => ({
  nested: {
    path: 'versions',
    query: {
      bool: {
        filter: [
          { term: { 'versions.number': version.number } },
          { term: { 'versions.offset': version.offset } },
          { term: { 'versions.sent': version.sent } },
          { term: { 'versions.unread': version.unread } },
          ...wordsOf(version).map(([field, word]) => ({ term: { [`versions.${field}`]: word } })),
        ],
      },
    },
  },
});

const wordsOf = (version: IndexedVersion): (readonly [string, string])[] =>
  (['subject', 'body', 'names', 'joined', 'keys'] as const)
    .flatMap((field) =>
      [...new Set(version[field].split(' '))]
        .filter((word) => word !== '')
        .map((word) => [field, word] as const),
    )
    .slice(0, maxWords);
