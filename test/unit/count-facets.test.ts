import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { countFacets } from '../../services/search-api/count-facets.ts';
import { message, putItems } from '../support/ask-index.ts';

class CountingIndex extends MemoryArchiveIndex {
  searches = 0;

  override search(...call: Parameters<MemoryArchiveIndex['search']>) {
    this.searches += 1;
    return super.search(...call);
  }
}

test('of a query of 1,000 words, those that the facet tells are counted and no others', async () => {
  const index = new CountingIndex({ partitions: 1 });
  await putItems(index, message('a', 0, { body: 'w0 w1' }), message('b', 1, { body: 'w1 w999' }));
  const words = Array.from({ length: 999 }, (_, at) => `w${at}`);
  const parsed = parseQuery(words.join(' OR '), { now: new Date(0), timeZone: 'UTC' });
  assert.ok(parsed.ok);
  const caller = { actor: { id: 'tester' }, purpose: '' };
  const request = { parsed: parsed.parsed, facets: ['terms'] as const, offsets: [10] };
  const [facet] = await countFacets(index, caller, request);
  assert.deepEqual(facet?.values.slice(0, 3), [
    { value: 'w0', count: 1 },
    { value: 'w1', count: 2 },
    { value: 'w2', count: 0 },
  ]);
  assert.equal(facet.values.length, 100);
  assert.equal(facet.more, true);
  assert.ok(index.searches <= 101, `${index.searches} searches`);
});
