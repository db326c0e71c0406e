import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHoldfastError } from '../../services/core/errors.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { clearPartition, found, idsOf, message, putItems, searchIn } from '../support/ask-index.ts';
import { queryVectors } from '../support/query-vectors.ts';
import type { WithIndex } from './archive-index.contract.ts';

export const describeArchiveIndexSearch = (withIndex: WithIndex): void => {
  test(`the ${queryVectors.length} vectors of the query language are answered`, () =>
    withIndex(async (index) => {
      for (const vector of queryVectors) {
        await putItems(index, ...vector.items);
        const parsed = parseQuery(vector.query, vector);
        assert.ok(parsed.ok);
        const result = await searchIn(index, parsed.parsed.query);
        const hits = result.hits.map(({ item }) => item.id).sort();
        assert.deepEqual(hits, [...vector.hits].sort(), vector.query);
        assert.equal(result.total, vector.hits.length, vector.query);
        assert.equal(result.undetermined, vector.unknown.length, vector.query);
        for (const [id, versions] of Object.entries(vector.versions))
          assert.deepEqual(result.hits.find(({ item }) => item.id === id)?.versions, versions, vector.query);
        await clearPartition(index, 0);
      }
    }));

  describeOrder(withIndex);
  describeVectors(withIndex);
  describeFacets(withIndex);
};

const describeOrder = (withIndex: WithIndex): void => {
  test('results are newest first, or by conversation, with the position as tie-breaker', () =>
    withIndex(async (index) => {
      const [early, late] = ['2024-03-01T00:00:00.000Z', '2024-03-02T00:00:00.000Z'] as const;
      await putItems(
        index,
        message('d', 30, { at: early, conversation: { id: 'ｂ' } }),
        message('c', 20, { at: late, conversation: { id: '𝒶' } }),
        message('b', 10, { at: early, conversation: { id: 'a' } }),
        message('a', 0, { at: late, conversation: { id: 'ｂ' } }),
        message('e', 5, { at: early, partition: 1, conversation: { id: 'a1' } }),
      );
      assert.equal(idsOf(await searchIn(index, 'alpha')), 'a c b d e');
      // Code points, not UTF-16 units: the mathematical letter comes after the full-width one.
      assert.equal(idsOf(await searchIn(index, 'alpha', { sort: 'conversation' })), 'b e a d c');
    }));

  test('an edit does not move an item: it is sorted by when it was first sent', () =>
    withIndex(async (index) => {
      await putItems(
        index,
        message('old', 0, { at: '2024-03-01T00:00:00.000Z', edits: [{ at: '2024-03-09T00:00:00.000Z' }] }),
        message('new', 10, { at: '2024-03-02T00:00:00.000Z' }),
      );
      assert.equal(idsOf(await searchIn(index, 'alpha')), 'new old');
    }));

  for (const sort of ['sent', 'conversation'] as const)
    test(`pages sorted by ${sort} give every hit once, also when something is archived in between`, () =>
      withIndex(async (index) => {
        const items = Array.from({ length: 23 }, (_, n) =>
          message(`i${n}`, n * 10, {
            conversation: { id: `c${n % 3}` },
            edits: n % 4 === 0 ? [{ body: 'alpha' }, { body: 'beta' }, { body: 'alpha' }] : [],
            at: new Date(Date.UTC(2024, 2, 1 + (n % 5))).toISOString(),
          }),
        );
        await putItems(index, ...items);
        const offsets = [230, 0, 0];
        const whole = idsOf(await searchIn(index, 'alpha', { sort, offsets }));
        const pages: string[] = [];
        let after: string | undefined;
        do {
          const page = await searchIn(index, 'alpha', {
            sort,
            offsets,
            limit: 5,
            ...(after === undefined ? {} : { after }),
          });
          assert.equal(page.total, 23);
          pages.push(idsOf(page));
          await putItems(index, message(`later${pages.length}`, 230 + pages.length * 10));
          after = page.next;
        } while (after !== undefined);
        assert.equal(pages.join(' '), whole);
        assert.equal(pages.length, 5);
      }));

  test('a phrase of many words is found whole, in one part, and at its end by a beginning', () =>
    withIndex(async (index) => {
      const words = Array.from({ length: 40 }, (_, at) => `w${at}`);
      const text = words.join(' ');
      await putItems(
        index,
        message('whole', 1, { body: `so ${text} it is` }),
        message('cut', 2, { body: words.slice(0, 39).join(' ') }),
        message('otherwise', 3, { body: [...words.slice(0, 30), 'x', ...words.slice(30)].join(' ') }),
        message('apart', 4, { body: words.slice(20).join(' '), subject: words.slice(0, 20).join(' ') }),
        message('named', 5, { files: [words.slice(0, 20).join(' '), words.slice(20).join(' '), text] }),
        message('halves', 6, { files: [words.slice(0, 20).join(' '), words.slice(20).join(' ')] }),
      );
      assert.equal(await found(index, `"${text}"`), 'named whole');
      assert.equal(await found(index, `body:"${text}"`), 'whole');
      assert.equal(await found(index, `"${words.slice(0, 39).join(' ')} w3*"`), 'named whole');
      assert.equal(await found(index, `"w0 ${words.slice(1, 39).join(' ')}" -"${text}"`), 'cut');
      assert.equal(await found(index, `attachmentnames:"${text}" OR (so "${text}")`), 'named whole');
    }));

  test('a page of nothing still has the totals', () =>
    withIndex(async (index) => {
      await putItems(index, message('a', 0), message('b', 10));
      const { hits, total, next } = await searchIn(index, 'alpha', { limit: 0 });
      assert.deepEqual([hits, total, next], [[], 2, undefined]);
    }));

  test('a cursor of another sort, or no cursor at all, is refused', () =>
    withIndex(async (index) => {
      await putItems(index, message('a', 0), message('b', 10));
      const { next = '' } = await searchIn(index, 'alpha', { limit: 1 });
      const isRefused = (error: unknown) => isHoldfastError(error, 'BadRequest');
      await assert.rejects(searchIn(index, 'alpha', { after: next, sort: 'conversation' }), isRefused);
      for (const after of ['', 'nonsense', 'W10', 'bnVsbA'])
        await assert.rejects(searchIn(index, 'alpha', { after }), isRefused);
    }));

  test('all versions that alone satisfy the query are named, and none that do not', () =>
    withIndex(async (index) => {
      const edits = [{ body: 'beta' }, { body: 'alpha beta' }, { body: 'gamma' }];
      await putItems(index, message('a', 0, { edits }));
      const versions = async (query: string) =>
        (await searchIn(index, query)).hits.map((hit) => hit.versions);
      assert.deepEqual(await versions('alpha'), [[1, 3]]);
      assert.deepEqual(await versions('alpha beta'), [[3]]);
      assert.deepEqual(await versions('NOT alpha'), [[2, 4]]);
      assert.deepEqual(await versions('alpha gamma'), []);
    }));
};

const describeVectors = (withIndex: WithIndex): void => {
  test('facts at or beyond the vector do not count: not items, edits, deletions or latest versions', () =>
    withIndex(async (index) => {
      const deletedAt = '2024-03-05T00:00:00.000Z';
      await putItems(
        index,
        message('edited', 0, { edits: [{ body: 'beta' }] }),
        message('deleted', 10, { deletedAt }),
        message('later', 20),
        message('elsewhere', 50, { partition: 1 }),
      );
      const at = async (query: string, offsets: readonly number[]) =>
        idsOf(await searchIn(index, query, { offsets }));
      assert.equal(await at('alpha version:latest', [100, 100, 100]), 'later elsewhere');
      assert.equal(await at('alpha version:latest', [20, 51, 0]), 'elsewhere');
      assert.equal(await at('alpha version:latest', [11, 50, 0]), 'deleted');
      assert.equal(await at('alpha version:latest', [1, 0, 0]), 'edited');
      assert.equal(await at('edited:true OR deleted:true', [11, 0, 0]), 'edited');
      assert.equal(await at('alpha', [0, 0, 0]), '');
      assert.equal(await at('alpha', []), '');
      const [hit] = (await searchIn(index, 'alpha', { offsets: [1, 0, 0] })).hits;
      assert.equal(hit?.item.versions.length, 1);
    }));

  test('the same question at the same vector has the same answer after everything changed', () =>
    withIndex(async (index) => {
      const items = Array.from({ length: 12 }, (_, n) =>
        message(`i${n}`, n * 10, { files: n % 3 === 0 ? ['x'] : [] }),
      );
      await putItems(index, ...items);
      const offsets = [120, 0, 0];
      const ask = () =>
        Promise.all(
          ['alpha', 'NOT alpha', 'beta', 'version:latest -beta', 'alpha NEAR(2) beta'].map((query) =>
            searchIn(index, query, { offsets }),
          ),
        );
      const before = await ask();
      const edited = items.map((item, n) => {
        const offset = 200 + n;
        const [first] = item.versions;
        const edit = { ...first!, number: 2, offset, body: 'beta alpha' };
        return { ...item, newestOffset: offset, versions: [first!, edit] };
      });
      assert.deepEqual(new Set(await putItems(index, ...edited)), new Set(['stored']));
      assert.deepEqual(await ask(), before);
      assert.equal((await searchIn(index, 'beta')).total, 12);
    }));
};

const describeFacets = (withIndex: WithIndex): void => {
  test('facets count every hit once, most frequent first, then by value', () =>
    withIndex(async (index) => {
      const at = (time: string) => `2024-03-01T${time}:00.000Z`;
      await putItems(
        index,
        message('a', 0, { at: at('09:00'), from: 'ann', edits: [{ body: 'alpha' }, {}] }),
        message('b', 10, { at: at('09:14'), from: 'bob', to: ['ann'], conversation: { id: 'c2' } }),
        message('c', 20, {
          at: at('09:15'),
          from: 'ann',
          kind: 'room',
          conversation: { id: 'r', kind: 'room' },
        }),
        message('d', 30, { body: 'beta' }),
      );
      const { facets } = await searchIn(index, 'alpha', {
        limit: 0,
        facets: ['kind', 'conversation', 'sender', 'quarterHour'],
      });
      const quarter = Date.parse(at('09:00'));
      assert.deepEqual(facets, {
        kind: [
          { value: 'im', count: 2 },
          { value: 'room', count: 1 },
        ],
        conversation: [
          { value: 'c2', count: 1 },
          { value: 'conversation', count: 1 },
          { value: 'r', count: 1 },
        ],
        sender: [
          { value: 'ann@contoso.com', count: 2 },
          { value: 'bob@contoso.com', count: 1 },
        ],
        quarterHour: [
          { value: `${quarter}`, count: 2 },
          { value: `${quarter + 900_000}`, count: 1 },
        ],
      });
      assert.equal((await searchIn(index, 'alpha')).facets, undefined);
    }));
};
