import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Item } from '../../schemas/archive/item.ts';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { itemAsOf } from '../../services/core/item/item-as-of.ts';
import type { Query } from '../../services/core/query/ast.ts';
import type { ArchiveIndex, Page, SearchResult } from '../../services/ports/archive-index.ts';
import { arbitraryItems, partitions } from '../support/arbitrary-items.ts';
import { arbitraryQueries } from '../support/arbitrary-queries.ts';
import { withTestIndex } from '../support/elasticsearch-index.ts';
import { needsEngines } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const actor = { id: 'tester' };
const seed = 20_240_301;
/** Corpora, and queries asked of each: 2,000 of them in all. */
const corpora = 7;
const queriesPerCorpus = 300;
/** Searches under way at once, as of several users. */
const atOnce = 6;
const atOncePut = 13;

type OpenIndex = () => Promise<ArchiveIndex>;

const openSqlite: OpenIndex = async () => {
  const folder = await temporaryFolder();
  const index = await openSqliteArchiveIndex({ path: join(folder.path, 'index.db'), partitions });
  const close = index[Symbol.asyncDispose].bind(index);
  return Object.assign(index, {
    [Symbol.asyncDispose]: async () => {
      await close();
      await folder[Symbol.asyncDispose]();
    },
  });
};

const openElasticsearch: OpenIndex = () => withTestIndex({ partitions, shards: 2 });

/** Everything but the cursor, which is each engine's own. */
const answerOf = async (index: ArchiveIndex, query: Query, page: Page) => {
  const { next, ...answer } = await index.search(actor, 'test', query, page);
  return { ...answer, isMore: next !== undefined };
};

const pagesOf = async (index: ArchiveIndex, query: Query, page: Page): Promise<SearchResult['hits']> => {
  const hits: SearchResult['hits'][number][] = [];
  let after: string | undefined;
  do {
    const result: SearchResult = await index.search(actor, 'test', query, {
      ...page,
      ...(after === undefined ? {} : { after }),
    });
    assert.ok(result.hits.length === page.limit || result.next === undefined);
    hits.push(...result.hits);
    after = result.next;
  } while (after !== undefined);
  return hits;
};

/** Puts each item as it was after some of its facts, then as it is, a few at a time: as an archiver would. */
const putInSteps = async (index: ArchiveIndex, items: readonly Item[]): Promise<void> => {
  for (const share of [0.3, 1]) {
    for (let from = 0; from < items.length; from += atOncePut) {
      const documents = items.slice(from, from + atOncePut).flatMap((item) => {
        const span = item.newestOffset + 1 - item.firstOffset;
        const state = itemAsOf(item, item.firstOffset + Math.max(1, Math.floor(span * share)));
        return state === undefined ? [] : [toIndexDocument(state)];
      });
      await index.put(documents);
    }
  }
  await index.refresh();
};

const facets = ['kind', 'conversation', 'sender', 'quarterHour'] as const;

const atOnceOf = async <T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> => {
  const rest = list.values();
  const worker = async (): Promise<void> => {
    for (const one of rest) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

interface Agreement {
  readonly skip: string | false;
  /** Corpora of the smaller tests: making an index takes a server longer than asking it. */
  readonly runs: number;
}

const describeAgreement = (name: string, open: OpenIndex, { skip, runs }: Agreement): void => {
  describe(`${name} and the matcher`, { skip }, () => {
    test('give the same ids, versions, totals, unknowns and facets for 2,000 generated queries', async () => {
      let ran = 0;
      await fc.assert(
        fc.asyncProperty(
          arbitraryItems(40),
          arbitraryQueries(queriesPerCorpus),
          fc.constantFrom('sent', 'conversation'),
          fc.array(fc.nat({ max: 320 }), { minLength: partitions, maxLength: partitions }),
          async (items, queries, sort, offsets) => {
            const definition = new MemoryArchiveIndex({ partitions });
            await using engine = await open();
            for (const index of [definition, engine]) await putInSteps(index, items);
            assert.deepEqual(await engine.counts(), await definition.counts());
            assert.deepEqual(await engine.searchableWatermark(), await definition.searchableWatermark());
            await atOnceOf(queries, async ({ text, query }) => {
              ran += 1;
              const page = [
                { limit: 100, sort, facets },
                { limit: 100, sort, offsets, facets: ['sender', 'quarterHour'] as const },
                { limit: 4, sort },
                { limit: 0, sort, offsets, facets: ['kind', 'conversation'] as const },
              ][ran % 4]!;
              const expected = await answerOf(definition, query, page);
              const answer = await answerOf(engine, query, page).catch((error: unknown) => {
                throw new Error(`for the query ${text}`, { cause: error });
              });
              assert.deepEqual(answer, expected, text);
            });
          },
        ),
        { seed, numRuns: corpora, endOnFailure: true },
      );
      assert.ok(ran >= 2000, `${ran} queries ran`);
    });

    test('have pages that concatenate to the whole answer, at the present and at an older vector', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryItems(30),
          arbitraryQueries(6),
          fc.constantFrom('sent', 'conversation'),
          fc.integer({ min: 1, max: 7 }),
          fc.option(fc.array(fc.nat({ max: 240 }), { minLength: partitions, maxLength: partitions }), {
            nil: undefined,
          }),
          async (items, queries, sort, limit, offsets) => {
            const definition = new MemoryArchiveIndex({ partitions });
            await using engine = await open();
            const at = offsets === undefined ? {} : { offsets };
            for (const index of [definition, engine]) await putInSteps(index, items);
            await atOnceOf(queries, async ({ query }) => {
              const whole = await definition.search(actor, 'test', query, { limit: 1000, sort, ...at });
              for (const index of [definition, engine])
                assert.deepEqual(await pagesOf(index, query, { limit, sort, ...at }), whole.hits);
            });
          },
        ),
        { seed, numRuns: runs, endOnFailure: true },
      );
    });

    test('answer at an older vector as an index that never heard of what came later', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryItems(25),
          arbitraryQueries(8),
          fc.array(fc.nat({ max: 200 }), { minLength: partitions, maxLength: partitions }),
          async (items, queries, offsets) => {
            const definition = new MemoryArchiveIndex({ partitions });
            await using engine = await open();
            const then = new MemoryArchiveIndex({ partitions });
            const states = items.flatMap((item) => itemAsOf(item, offsets[item.partition]!) ?? []);
            await then.put(states.map(toIndexDocument));
            for (const index of [definition, engine]) await putInSteps(index, items);
            await atOnceOf(queries, async ({ query }) => {
              const expected = await answerOf(then, query, { limit: 100, sort: 'sent', facets });
              for (const index of [definition, engine])
                assert.deepEqual(
                  await answerOf(index, query, { limit: 100, sort: 'sent', facets, offsets }),
                  expected,
                );
            });
          },
        ),
        { seed, numRuns: runs, endOnFailure: true },
      );
    });
  });
};

describeAgreement('the SQLite index', openSqlite, { skip: false, runs: 10 });
describeAgreement('the Elasticsearch index', openElasticsearch, { skip: needsEngines, runs: 4 });
