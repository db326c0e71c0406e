import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonPieces } from '../../../services/search-api/http/replies.ts';

test('pieces join to what JSON.stringify writes', () => {
  const value = fc.dictionary(
    fc.string(),
    fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()), fc.constant(undefined)),
  );
  fc.assert(
    fc.property(value, (given) => {
      assert.equal([...jsonPieces(given)].join(''), JSON.stringify(given));
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('long arrays come one element at a time', () => {
  assert.deepEqual(
    [...jsonPieces({ total: 2, hits: [{ a: 1 }, { a: 2 }] })],
    ['{"total":', '2', ',"hits":', '[{"a":1}', ',{"a":2}', ']', '}'],
  );
});
