import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Item } from '../../schemas/archive/item.ts';
import { refuseWidePrefixes } from '../../services/adapters/elasticsearch/search/count-prefix-terms.ts';
import { type Dsl, tooManyClauses } from '../../services/adapters/elasticsearch/search/search-engine.ts';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { HoldfastError, isHoldfastError } from '../../services/core/errors.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { ArchiveIndex, Hit, Page, SearchResult } from '../../services/ports/archive-index.ts';
import { message, putItems, queryOf, searchIn } from '../support/ask-index.ts';
import { ask, sharedUrl, withTestIndex } from '../support/elasticsearch-index.ts';
import { needsEngines } from '../support/engines.ts';

const partitions = 3;

/** More items than one answer holds, each in a conversation of its own, half of them edited much later. */
const manyItems = (): Item[] =>
  Array.from({ length: 1_250 }, (_, n) => {
    const item = message(`i${n}`, n, {
      conversation: { id: `c${n}` },
      from: n % 50 === 0 ? { id: 'odd', address: '\ud800"\\@' } : `p${n % 7}`,
      body: n % 3 === 0 ? 'alpha beta' : 'alpha gamma',
      at: new Date(Date.UTC(2024, 2, 1, 0, n % 600)).toISOString(),
    });
    if (n % 2 === 0) return item;
    const [first] = item.versions;
    const edit = { ...first!, number: 2, offset: 10_000 + n, body: 'delta' };
    return { ...item, newestOffset: edit.offset, versions: [first!, edit] };
  });

const sameAnswer = async (
  definition: ArchiveIndex,
  index: ArchiveIndex,
  [text, page]: readonly [string, Page],
): Promise<void> => {
  const answers = [definition, index].map(async (one) => {
    const { next, ...answer } = await searchIn(one, text, page);
    return { ...answer, isMore: next !== undefined };
  });
  const [expected, answer] = await Promise.all(answers);
  assert.deepEqual(answer, expected, `${text} ${JSON.stringify(page)}`);
};

const pagesOf = async (index: ArchiveIndex, text: string, page: Page): Promise<Hit[]> => {
  const hits: Hit[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const result: SearchResult = await searchIn(index, text, { ...page, ...(after === '' ? {} : { after }) });
    hits.push(...result.hits);
    after = result.next;
  }
  return hits;
};

describe('a search in Elasticsearch', { skip: needsEngines }, () => {
  test('gives what does not fit into one answer of the engine: hits, values of facets, items with later facts', async () => {
    await using index = await withTestIndex({ partitions, shards: 2 });
    const definition = new MemoryArchiveIndex({ partitions });
    const items = manyItems();
    for (const one of [definition, index]) await putItems(one, ...items);
    const facets = ['kind', 'conversation', 'sender', 'quarterHour'] as const;
    const offsets = [1_240, 0, 0];
    for (const asked of [
      ['body:alpha', { limit: 3, sort: 'sent', facets }],
      ['alpha', { limit: 1_200, sort: 'conversation' }],
      ['alpha', { limit: 1_300, sort: 'sent' }],
      ['alpha', { limit: 3, sort: 'sent', facets }],
      ['beta OR delta', { limit: 20, sort: 'sent', facets, offsets }],
      ['delta', { limit: 20, sort: 'sent', offsets }],
      ['alpha version:latest', { limit: 1_100, sort: 'conversation', offsets }],
      ['only:(p3, bob)', { limit: 5, sort: 'conversation', facets, offsets }],
      ['alpha NOT edited>=2024-02-01', { limit: 20, sort: 'sent', offsets }],
      ['edited>=2024-02-01 OR (beta edited:false)', { limit: 20, sort: 'sent', offsets: [20_000, 0, 0] }],
    ] as const)
      await sameAnswer(definition, index, asked);
    for (const text of ['alpha edited:false', 'only:(p3, bob)'])
      assert.deepEqual(
        await pagesOf(index, text, { limit: 90, sort: 'sent', offsets }),
        (await searchIn(definition, text, { limit: 2_000, sort: 'sent', offsets })).hits,
      );
  });

  test('a beginning of as many words as are allowed is searched in NEAR and phrases, where the engine refuses so many', async () => {
    await using index = await withTestIndex({ partitions });
    const definition = new MemoryArchiveIndex({ partitions });
    const words = Array.from({ length: 10_000 }, (_, n) => `xy${n.toString(36)}`);
    const items = [
      message('near', 0, { body: `${words.join(' ')} end` }),
      message('far', 10, { body: 'xy1 one two three end' }),
      message('unread', 20, { files: ['x'] }),
    ];
    for (const one of [definition, index]) await putItems(one, ...items);
    for (const text of ['xy* NEAR(2) end', 'NOT (end NEAR(2) xy*)', '"xy0 xy*"', 'body:"xyzz xy*" OR gamma'])
      await sameAnswer(definition, index, [text, { limit: 10, sort: 'sent' }]);
  });

  test('words are counted the same where the engine lists only some of them at once, whatever their letters', async () => {
    await using index = await withTestIndex({ partitions, shards: 2 });
    const letters = ['a', 'b', 'z', 'ø', 'д', 'ა', 'ب', 'ꜣ', '𐌰', '𐐨'];
    const words = Array.from({ length: 10_001 }, (_, n) =>
      ['xy', ...String(n)].map((digit) => letters[Number(digit)] ?? digit).join(''),
    );
    const items = words.slice(0, 20).map((_, n) => {
      const body = words.filter((_word, at) => at % 20 === n).join('q ');
      return message(`i${n}`, n, { body: `${body}q`, conversation: { id: `c${n}` } });
    });
    await putItems(index, ...items);
    const path = `/holdfast-${index.installation}-read/_validate/query?explain=true&rewrite=true&all_shards=true`;
    const explain = async (query: Dsl): Promise<string[]> => {
      if (JSON.stringify(query).includes('top_terms_10001'))
        throw new HoldfastError('QueryRefused', tooManyClauses);
      const { explanations } = await ask(sharedUrl(), ['POST', path], { query });
      return (explanations as { explanation: string }[]).map(({ explanation }) => explanation);
    };
    const refused = (error: unknown) =>
      isHoldfastError(error, 'QueryRefused') && error.details.terms === 10_001;
    await assert.rejects(searchIn(index, 'xy*'), refused);
    const smallHeap = { explain };
    await assert.rejects(refuseWidePrefixes(smallHeap, queryOf('xy* NEAR(2) alpha')), refused);
    await refuseWidePrefixes(smallHeap, queryOf('xyb*'));
    assert.ok((await searchIn(index, 'xyb*')).total > 0);
  });

  test('pairs of a NEAR are found whatever the lengths of the alternatives, and not across attachment names', async () => {
    await using index = await withTestIndex({ partitions });
    const definition = new MemoryArchiveIndex({ partitions });
    const bodies = ['a b c d x', 'b c a b c d', 'c b a', 'a b a b', 'a a', 'a', 'd c b a c'];
    const items = [
      ...bodies.map((body, n) => message(`body${n}`, n * 10, { body })),
      message('names', 100, { body: '', files: ['a b', 'c d'] }),
      message('name', 110, { body: '', files: ['q', 'a b c', 'd'] }),
    ];
    for (const one of [definition, index]) await putItems(one, ...items);
    for (const left of ['("a b c d" OR b)', '(a OR "a b")', 'a', '"a b"', '(b OR "b c" OR d)'])
      for (const right of ['c', '("b c" OR d)', 'a', '(c OR a OR "a b")'])
        for (const operator of ['NEAR(0)', 'ONEAR(0)', 'NEAR(1)', 'ONEAR(2)'])
          await sameAnswer(definition, index, [`${left} ${operator} ${right}`, { limit: 20, sort: 'sent' }]);
  });

  test('a document whose words are not those of its item is an error that names the item, not a hit', async () => {
    await using index = await withTestIndex({ partitions });
    await putItems(index, message('sound', 0, { body: 'alpha' }), message('changed', 10, { body: 'alpha' }));
    const stored = {
      ...toIndexDocument(message('changed', 10, { body: 'alpha' })),
      kind: 'im',
      sender: 'ann',
    };
    const versions = stored.versions.map((version) => ({ ...version, body: 'omega' }));
    const alias = `holdfast-${index.installation}-write`;
    const hits = await ask(sharedUrl(), ['POST', `/${alias}/_search`], {
      query: { term: { id: 'changed' } },
    });
    const { _id } = (hits as { hits: { hits: [{ _id: string }] } }).hits.hits[0];
    await ask(sharedUrl(), ['PUT', `/${alias}/_doc/${_id}?refresh=true`], { ...stored, versions });
    assert.equal((await searchIn(index, 'alpha')).total, 1);
    await assert.rejects(
      index.search({ id: 'tester' }, 'test', queryOf('omega'), { limit: 10, sort: 'sent' }),
      (error: unknown) => isHoldfastError(error, 'IndexUnavailable') && error.details.itemId === 'changed',
    );
  });
});
