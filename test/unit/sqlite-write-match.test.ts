import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  both,
  either,
  match,
  negate,
} from '../../services/adapters/sqlite/archive-index/search/condition.ts';
import { allRows } from '../../services/adapters/sqlite/archive-index/search/match-leaf.ts';
import { writeMatch } from '../../services/adapters/sqlite/archive-index/search/write-match.ts';

const [a, b, c] = [match('a'), match('b'), match('c')];

test('however many conditions are negated side by side, all rows are walked once', () => {
  const many = Array.from({ length: 500 }, (_, at) => negate(match(`w${at}`)));
  for (const condition of [either(...many), both(...many), either(a, ...many)])
    assert.equal(writeMatch(condition)?.split(allRows).length, 2);
});

test('alternatives that are negated are what is left of all rows without those that are all of them', () => {
  assert.equal(writeMatch(either(negate(a), negate(b))), `(${allRows} NOT (a AND b))`);
  assert.equal(writeMatch(either(c, negate(a), negate(b))), `((${allRows} NOT (a AND b)) OR c)`);
  assert.equal(writeMatch(either(c, negate(a))), `((${allRows} NOT a) OR c)`);
});

test('a condition that is repeated is asked once', () => {
  assert.equal(writeMatch(either(a, a)), 'a');
  assert.equal(writeMatch(both(a, b, a)), '(a AND b)');
  assert.equal(writeMatch(both(a, negate(b), negate(b))), '(a NOT b)');
});
