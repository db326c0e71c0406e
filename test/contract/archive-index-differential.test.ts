import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
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
import { temporaryFolder } from '../support/temporary-folder.ts';

const actor = { id: 'tester' };
const seed = 20_240_301;

interface Engines extends AsyncDisposable {
  readonly definition: ArchiveIndex;
  readonly engine: ArchiveIndex;
}

const openBoth = async (): Promise<Engines> => {
  const folder = await temporaryFolder();
  const engine = await openSqliteArchiveIndex({ path: join(folder.path, 'index.db'), partitions });
  return {
    definition: new MemoryArchiveIndex({ partitions }),
    engine,
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
};

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
    for (let from = 0; from < items.length; from += 7) {
      const documents = items.slice(from, from + 7).flatMap((item) => {
        const span = item.newestOffset + 1 - item.firstOffset;
        const state = itemAsOf(item, item.firstOffset + Math.max(1, Math.floor(span * share)));
        return state === undefined ? [] : [toIndexDocument(state)];
      });
      await index.put(documents);
    }
  }
};

const facets = ['kind', 'conversation', 'sender', 'quarterHour'] as const;
let ran = 0;

const sameAnswers = async ({ definition, engine }: Engines, query: Query, page: Page): Promise<void> => {
  ran += 1;
  const expected = await answerOf(definition, query, page);
  assert.deepEqual(await answerOf(engine, query, page), expected);
};

test('both indexes give the same ids, versions, totals, unknowns and facets for generated corpora and queries', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryItems(40),
      arbitraryQueries(40),
      fc.constantFrom('sent', 'conversation'),
      fc.array(fc.nat({ max: 320 }), { minLength: partitions, maxLength: partitions }),
      async (items, queries, sort, offsets) => {
        await using both = await openBoth();
        for (const index of [both.definition, both.engine]) {
          await putInSteps(index, items);
          await index.remove(items.flatMap(({ id }, at) => (at % 9 === 8 ? [id] : [])));
        }
        assert.deepEqual(await both.engine.counts(), await both.definition.counts());
        assert.deepEqual(
          await both.engine.searchableWatermark(),
          await both.definition.searchableWatermark(),
        );
        for (const { text, query } of queries) {
          try {
            await sameAnswers(both, query, { limit: 100, sort, facets });
            await sameAnswers(both, query, { limit: 4, sort });
            await sameAnswers(both, query, { limit: 100, sort, offsets });
          } catch (error) {
            throw new Error(`for the query ${text}`, { cause: error });
          }
        }
      },
    ),
    { seed, numRuns: 10 },
  );
  assert.ok(ran >= 300, `${ran} queries ran`);
});

test('pages concatenate to the whole answer, at the present and at an older vector', async () => {
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
        await using both = await openBoth();
        const at = offsets === undefined ? {} : { offsets };
        for (const index of [both.definition, both.engine]) await putInSteps(index, items);
        for (const { query } of queries) {
          const whole = await both.definition.search(actor, 'test', query, { limit: 1000, sort, ...at });
          for (const index of [both.definition, both.engine])
            assert.deepEqual(await pagesOf(index, query, { limit, sort, ...at }), whole.hits);
        }
      },
    ),
    { seed, numRuns: 10 },
  );
});

test('at an older vector both answer as an index that never heard of what came later', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryItems(25),
      arbitraryQueries(8),
      fc.array(fc.nat({ max: 200 }), { minLength: partitions, maxLength: partitions }),
      async (items, queries, offsets) => {
        await using both = await openBoth();
        const then = new MemoryArchiveIndex({ partitions });
        const states = items.flatMap((item) => itemAsOf(item, offsets[item.partition]!) ?? []);
        await then.put(states.map(toIndexDocument));
        for (const index of [both.definition, both.engine]) await putInSteps(index, items);
        for (const { query } of queries) {
          const expected = await answerOf(then, query, { limit: 100, sort: 'sent', facets });
          for (const index of [both.definition, both.engine])
            assert.deepEqual(
              await answerOf(index, query, { limit: 100, sort: 'sent', facets, offsets }),
              expected,
            );
        }
      },
    ),
    { seed, numRuns: 10 },
  );
});
