import { join } from 'node:path';
import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import { IndexConnection } from '../../services/adapters/sqlite/archive-index/index-connection.ts';
import { createIndexFile } from '../../services/adapters/sqlite/archive-index/index-schema.ts';
import { columnList, textsOf } from '../../services/adapters/sqlite/archive-index/word-rows.ts';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { transact } from '../../services/adapters/sqlite/transact.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import type { ArchiveIndex, Page } from '../../services/ports/archive-index.ts';
import { message } from '../support/ask-index.ts';
import { medianOf } from './statistics.ts';

export interface IndexFigures {
  readonly documents: number;
  /** Inserts of the same rows into the same FTS5 table and nothing else, each second. */
  readonly barePerSecond: number;
  readonly putPerSecond: number;
  readonly bytesPerItem: number;
  /** Median milliseconds of a first page with exact totals, and how many items there were. */
  readonly searches: readonly { readonly query: string; readonly total: number; readonly medianMs: number }[];
}

export interface IndexBenchOptions {
  /** An empty folder. */
  readonly folder: string;
  /** In order of their positions; all of partition 0. */
  readonly documents: readonly IndexDocument[];
  readonly queries: readonly string[];
  readonly perPut?: number;
  readonly rounds?: number;
}

/** The index alone, in this thread: what a put costs beside the inserts it cannot do without, and what a search takes. */
export const benchIndex = async (options: IndexBenchOptions): Promise<IndexFigures> => {
  const { folder, documents, queries, perPut = 1000, rounds = 9 } = options;
  const barePerSecond = insertBare(join(folder, 'bare.db'), documents, perPut);
  await using index = await openSqliteArchiveIndex({ path: join(folder, 'index.db'), partitions: 1 });
  const startedMs = performance.now();
  for (let from = 0; from < documents.length; from += perPut)
    await index.put(documents.slice(from, from + perPut));
  const putPerSecond = perSecond(documents.length, startedMs);
  const searches = [];
  for (const query of queries) searches.push(await timeSearch(index, query, rounds));
  return {
    documents: documents.length,
    barePerSecond,
    putPerSecond,
    bytesPerItem: bytesOf(join(folder, 'index.db')) / documents.length,
    searches,
  };
};

const perSecond = (count: number, startedMs: number): number =>
  Math.round((count * 1000) / (performance.now() - startedMs));

const insertBare = (file: string, documents: readonly IndexDocument[], perPut: number): number => {
  createIndexFile(file);
  using connection = new IndexConnection(file, {});
  const insert = connection.db.prepare(
    `INSERT INTO words (rowid, ${columnList}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const rows = documents.flatMap((document) =>
    document.versions.map((version) => textsOf(document, version)),
  );
  const startedMs = performance.now();
  for (let from = 0; from < rows.length; from += perPut)
    transact(connection.db, () => {
      for (const [at, texts] of rows.slice(from, from + perPut).entries())
        insert.run(from + at + 1, ...texts);
    });
  return perSecond(rows.length, startedMs);
};

const bytesOf = (path: string): number => {
  using connection = new IndexConnection(path, { readOnly: true });
  const [pages, bytes] = ['page_count', 'page_size'].map((name) =>
    Number(connection.db.prepare(`PRAGMA ${name}`).get()?.[name]),
  );
  return pages! * bytes!;
};

const timeSearch = async (index: ArchiveIndex, text: string, rounds: number) => {
  const parsed = parseQuery(text, { now: new Date(), timeZone: 'UTC' });
  if (!parsed.ok) throw new Error(`${text}: ${parsed.faults[0]?.message}`);
  const page: Page = { limit: 50, sort: 'sent', offsets: await index.searchableWatermark() };
  const times: number[] = [];
  let total = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    ({ total } = await index.search({ id: 'bench' }, 'bench', parsed.parsed.query, page));
    times.push(performance.now() - startedMs);
  }
  return { query: text, total, medianMs: medianOf(times) };
};

/** Messages whose words are as unevenly frequent as those of a language: `w0` is in most, `wzzz` in few. */
export const syntheticDocuments = (count: number): readonly IndexDocument[] => {
  const words = zipf(30_000, 1);
  const people = zipf(2_000, 2);
  const startMs = Date.parse('2024-01-01T00:00:00.000Z');
  return Array.from({ length: count }, (_, n) => {
    const body = Array.from({ length: 4 + ((n * 7919) % 15) }, () => `w${words().toString(36)}`).join(' ');
    const item = message(
      `${n.toString(16).padStart(8, '0')}-0000-4000-8000-${(n * 2_654_435_761) % 2 ** 40}`,
      n,
      {
        body,
        from: `person${people()}`,
        conversation: { id: `room${n % 40}`, kind: 'room', name: `room ${n % 40}` },
        kind: 'room',
        session: `day ${Math.floor(n / 1500)}`,
        at: new Date(startMs + n * 30_000).toISOString(),
      },
    );
    return toIndexDocument(item);
  });
};

/** Numbers below `size`, drawn as words are: the k-th as often as 1/(k + 3). */
const zipf = (size: number, seed: number): (() => number) => {
  const sums = new Float64Array(size);
  let sum = 0;
  for (let k = 0; k < size; k += 1) {
    sum += 1 / (k + 3);
    sums[k] = sum;
  }
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const drawn = (state / 2 ** 32) * sum;
    let low = 0;
    for (let high = size - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
};
