import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileQuery } from '../../../services/adapters/elasticsearch/search/compile-query.ts';
import { loosen } from '../../../services/adapters/elasticsearch/search/loosen.ts';
import type { Dsl } from '../../../services/adapters/elasticsearch/search/search-engine.ts';
import { writeDsl, writeSomeVersion } from '../../../services/adapters/elasticsearch/search/write-dsl.ts';
import { queryOf } from '../../support/ask-index.ts';

const now = { asOf: false };
const compiled = (text: string) => compileQuery(queryOf(text), now);
const body = (word: string) => ({ term: { 'versions.body': { value: word } } });

/** How many `bool` stand inside one another. */
const groupsIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const own = 'bool' in value ? 1 : 0;
  return own + Math.max(0, ...Object.values(value).map(groupsIn));
};

const count = (dsl: Dsl, name: string): number => JSON.stringify(dsl).split(`"${name}":`).length - 1;

describe('a query for Elasticsearch', () => {
  test('has a negation at leaves only, and twice negated is as it was', () => {
    assert.deepEqual(
      writeDsl(compiled('NOT (body:a OR NOT body:b) event:(message OR join)').sure),
      writeDsl(compiled('body:b NOT body:a event:(message OR join)').sure),
    );
    assert.deepEqual(
      writeDsl(compiled('NOT NOT body:a event:join').sure),
      writeDsl(compiled('body:a event:join').sure),
    );
  });

  test('looks for alternative words of a field at once', () => {
    const words = Array.from({ length: 1_000 }, (_, n) => `w${n}`);
    const dsl = writeDsl(compiled(words.join(' OR ')).sure);
    assert.equal(count(dsl, 'terms'), 3);
    assert.equal(count(dsl, 'versions.keys'), 1);
    const either = writeDsl(compiled('event:join (body:a OR body:b)').sure);
    assert.deepEqual(either, {
      bool: {
        filter: [
          { term: { 'versions.keys': { value: 'evjoin' } } },
          { terms: { 'versions.body': ['a', 'b'] } },
        ],
      },
    });
  });

  test('of 20 levels has fewer groups than the 30 that the engine takes', () => {
    let text = 'alpha NEAR(3) (beta OR "a b")';
    for (let level = 0; level < 9; level += 1)
      text = level % 2 === 0 ? `NOT (gamma${level} AND (${text}))` : `("d e${level}" OR (${text}))`;
    const { possible, sure } = compiled(text);
    for (const condition of [possible, sure])
      assert.ok(groupsIn({ bool: { filter: writeSomeVersion(condition) } }) <= 24);
  });

  test('keeps conditions on the item out of the search in its versions', () => {
    const dsl = writeSomeVersion(compiled('body:a edited>=2024-03-01 event:join').sure);
    assert.deepEqual(Object.keys(dsl ?? {}), ['bool']);
    assert.equal(count(dsl!, 'nested'), 1);
    assert.ok(!JSON.stringify(Object(dsl).bool.filter[1]).includes('edits'));
    const mixed = Array.from({ length: 7 }, (_, n) => `(body:w${n} OR edited>=2024-03-0${n + 1})`);
    assert.notEqual(writeSomeVersion(compiled(mixed.slice(0, 6).join(' ')).sure), undefined);
    assert.equal(writeSomeVersion(compiled(mixed.join(' ')).sure), undefined);
  });

  test('is not exact with `only:`, and then asks for what may match, negated too', () => {
    const only = compiled('only:(ann, bob) event:(message OR join)');
    assert.equal(only.exact, false);
    assert.ok(JSON.stringify(writeDsl(only.possible)).includes('"flann"'));
    const negated = compiled('NOT only:(ann, bob) event:join');
    assert.deepEqual(writeDsl(negated.possible), { term: { 'versions.keys': { value: 'evjoin' } } });
  });

  test('relies on no edit and no deletion where items are asked for as they were', () => {
    const text = 'body:a NOT edited:true NOT edited>=2024-03-01 NOT deleted:true event:(message OR join)';
    const asOf = compileQuery(queryOf(text), { asOf: true });
    assert.deepEqual(writeDsl(asOf.possible), writeDsl(compiled('body:a event:(message OR join)').sure));
  });
});

describe('a loosened query for Elasticsearch', () => {
  const phrases = Array.from({ length: 500 }, (_, n) => `"w${n} v${n}"`);

  test('has some of many phrases that must stand there, and words instead of many of which one must', () => {
    const all = writeDsl(loosen(compiled(phrases.join(' AND ')).possible));
    assert.ok(count(all, 'match_phrase') > 0);
    assert.ok(count(all, 'match_phrase') + count(all, 'term') <= 500);
    const any = writeDsl(loosen(compiled(phrases.join(' OR ')).possible));
    assert.equal(count(any, 'match_phrase'), 0);
    assert.ok(JSON.stringify(any).includes('"w499"'));
  });

  test('leaves out what is negated rather than ask for too little', () => {
    const dates = Array.from({ length: 600 }, (_, n) => new Date(Date.UTC(2020, 0, n + 1)).toISOString());
    const sent = dates.map((date) => `sent=${date.slice(0, 10)}`).join(' OR ');
    assert.deepEqual(writeDsl(loosen(compiled(`body:a event:join (${sent})`).possible)), {
      bool: { filter: [body('a'), { term: { 'versions.keys': { value: 'evjoin' } } }] },
    });
  });
});
