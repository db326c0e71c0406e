import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemId } from '../../schemas/ids.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import type { Query } from '../../services/core/query/ast.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { idsOf, message, putItems, queryOf, searchIn } from '../support/ask-index.ts';
import type { WithIndex } from './archive-index.contract.ts';

export const describeArchiveIndexLimits = (withIndex: WithIndex): void => {
  const terms = Array.from({ length: 1000 }, (_, n) => `w${n}`);

  test('whatever the parser admits is answered: 1,000 terms in a row, in any operator', () =>
    withIndex(async (index) => {
      await putItems(
        index,
        message('a', 0, { body: terms.join(' ') }),
        message('b', 10, { body: 'w999 other' }),
      );
      assert.equal(idsOf(await searchIn(index, terms.join(' OR '))), 'a b');
      assert.equal(idsOf(await searchIn(index, terms.join(' AND '))), 'a');
      assert.equal(idsOf(await searchIn(index, terms.map((one) => `NOT ${one}`).join(' OR '))), 'b');
      assert.equal(
        idsOf(
          await searchIn(
            index,
            `other ${terms
              .slice(1, 999)
              .map((one) => `-${one}`)
              .join(' ')}`,
          ),
        ),
        'b',
      );
      const days = terms
        .slice(0, 900)
        .map((_, n) => `sent=${new Date(Date.UTC(2020, 0, n)).toISOString().slice(0, 10)}`);
      assert.equal(idsOf(await searchIn(index, `other OR ${days.join(' OR ')}`)), 'b');
    }));

  test('whatever the parser admits is answered: 20 levels of every operator, with and without dates', () =>
    withIndex(async (index) => {
      await putItems(
        index,
        message('a', 0, { files: ['x'] }),
        message('b', 10, { body: 'beta', complete: false }),
      );
      for (const leaf of [
        'alpha',
        'sent<2030-01-01',
        '(alpha NEAR(3) beta)',
        'only:(ann, bob)',
        'present:carl',
      ]) {
        for (const outer of ['NOT ($)', 'alpha AND ($)', 'beta OR ($)']) {
          for (const inner of ['beta OR ($)', 'NOT (alpha AND ($))', 'NOT (beta OR NOT ($))']) {
            const query = deepest(leaf, [outer, inner]);
            const result = await searchIn(index, query);
            assert.ok(result.total + result.undetermined <= 2);
          }
        }
      }
    }));

  test('10,000 parentheses around one term are the term', () =>
    withIndex(async (index) => {
      await putItems(index, message('a', 0));
      const parsed = parseQuery(`${'('.repeat(10_000)}alpha${')'.repeat(10_000)}`, {
        now: new Date(0),
        timeZone: 'UTC',
      });
      if (parsed.ok) assert.equal(idsOf(await searchIn(index, parsed.parsed.query)), 'a');
    }));

  test('an operator without operands is what logic says', () =>
    withIndex(async (index) => {
      await putItems(index, message('a', 0));
      assert.equal((await searchIn(index, { type: 'and', operands: [] })).total, 1);
      assert.equal((await searchIn(index, { type: 'or', operands: [] })).total, 0);
      assert.equal((await searchIn(index, { type: 'not', operand: { type: 'or', operands: [] } })).total, 1);
      assert.equal((await searchIn(index, { type: 'keys', equal: [], prefixes: [] })).total, 0);
    }));

  test('a beginning of more than 10,000 words is refused with their number, under NOT and NEAR too', () =>
    withIndex(async (index) => {
      const words = Array.from({ length: 10_001 }, (_, n) => `xy${n.toString(36)}`);
      await putItems(index, message('a', 0, { body: words.slice(0, 10_000).join(' ') }));
      assert.equal((await searchIn(index, 'xy*')).total, 1);
      await putItems(index, message('b', 10, { body: words.slice(9_990).join(' ') }));
      for (const query of ['xy*', 'alpha OR (NOT xy*)', 'xy* NEAR(2) alpha', 'body:"alpha xy*"']) {
        await assert.rejects(searchIn(index, query), (error: unknown) => {
          assert.ok(isHoldfastError(error, 'QueryRefused'));
          assert.equal(error.details.terms, 10_001);
          return true;
        });
      }
      assert.equal((await searchIn(index, 'subject:xy*')).total, 0);
      assert.equal((await searchIn(index, 'xy1*')).total, 1);
      await index.remove(['b' as ItemId]);
      await index.refresh();
      assert.equal((await searchIn(index, 'xy*')).total, 1);
    }));
};

/** The leaf inside as many operators as the parser takes. */
const deepest = (leaf: string, operators: readonly string[]): Query => {
  let text = leaf;
  let query = queryOf(leaf);
  for (let level = 0; ; level += 1) {
    text = operators[level % operators.length]!.replace('$', text);
    const parsed = parseQuery(text, { now: new Date(0), timeZone: 'UTC' });
    if (!parsed.ok) {
      assert.ok(level >= 9, `${level} levels were parsed`);
      return query;
    }
    query = parsed.parsed.query;
    if (level > 60) return query;
  }
};
