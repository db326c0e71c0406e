import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHoldfastError } from '../../services/core/errors.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { placeWidePrefix } from '../../services/core/query/place-wide-prefix.ts';
import { assertFewTerms, maxPrefixTerms, prefixesOf } from '../../services/core/query/prefix-limit.ts';

const options = { now: new Date(0), timeZone: 'UTC' };

/** What a search answers when the beginning of the query stands for too many words. */
const refusalOf = (query: string): unknown => {
  const result = parseQuery(query, options);
  assert.ok(result.ok, JSON.stringify(result));
  const [prefix] = prefixesOf(result.parsed.query);
  assert.ok(prefix !== undefined);
  try {
    assertFewTerms(prefix, maxPrefixTerms + 1);
  } catch (error) {
    return placeWidePrefix(error, query);
  }
  return undefined;
};

test('a beginning of too many words is refused with its code, its place and its number', () => {
  for (const [query, at] of [
    ['plan subject:Bud* x', 'Bud*'],
    ['plan "annual Bud*"', '"annual Bud*"'],
    ['회의 의', '의'],
    ['plan NEAR (x OR 회의록)', '회의록'],
  ] as const) {
    const error = refusalOf(query);
    assert.ok(isHoldfastError(error, 'QueryRefused'));
    const [fault] = error.details.faults as { code: string; offset: number; length: number; terms: number }[];
    assert.equal(fault?.code, 'prefixTooShort');
    assert.equal(query.slice(fault.offset, fault.offset + fault.length), at);
    assert.equal(fault.terms, maxPrefixTerms + 1);
  }
});

test('any other error stays what it is', () => {
  const error = new Error('disk');
  assert.equal(placeWidePrefix(error, 'x'), error);
});
