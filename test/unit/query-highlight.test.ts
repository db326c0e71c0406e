import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maxHighlights } from '../../schemas/api/search.ts';
import { readingOf } from '../../services/core/analysis/analyze.ts';
import type { Phrase } from '../../services/core/query/ast.ts';
import { nearPairs } from '../../services/core/query/find-phrase.ts';
import { rangesIn } from '../../services/core/query/find-ranges.ts';
import { highlight } from '../../services/core/query/highlight.ts';
import { matchItem } from '../../services/core/query/match-item.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { queryOf } from '../support/ask-index.ts';
import { buildItem, type ItemSpec } from '../support/item-builder.ts';

const phrases = (...texts: readonly string[]): Phrase[] =>
  texts.map((text) => ({ tokens: text.split(' '), prefix: false, joined: false }));

/** What is highlighted, as the words themselves; `2:` before those of version 2. */
const marked = (text: string, spec: ItemSpec): string[] => {
  const result = parseQuery(text, { now: new Date(0), timeZone: 'UTC' });
  assert.ok(result.ok, JSON.stringify(result));
  const item = buildItem(spec);
  const { versions } = matchItem(result.parsed.query, item);
  const { highlights } = highlight(result.parsed.query, item, versions);
  return highlights.map(({ version, part, index, offset, length }) => {
    const stored = item.versions.find(({ number }) => number === version);
    const whole = part === 'name' ? stored?.attachments?.[index ?? 0]?.name : stored?.[part];
    const words = whole?.slice(offset, offset + length) ?? '';
    return version === 1 ? words : `${version}:${words}`;
  });
};

describe('highlights', () => {
  it('are the words as they stand in the stored text', () => {
    assert.deepEqual(marked('cafe "order brand*"', { body: 'CAFÉ: Order  BRANDON, order x' }), [
      'CAFÉ',
      'Order  BRANDON',
    ]);
    assert.deepEqual(marked('cafe\u0301', { body: 'ﬁx Cafe\u0301!' }), ['Cafe\u0301']);
  });

  it('of CJK are the characters searched, also over a line break, and of one character that one', () => {
    assert.deepEqual(marked('내부거래', { body: '그 내부\n거래다' }), ['내부\n거래']);
    assert.deepEqual(marked('의', { body: '회의록' }), ['의']);
    assert.deepEqual(marked('회의', { body: '회의' }), ['회의']);
    assert.deepEqual(marked('회의 NEAR(2) 초', { body: '회의록 초안' }), ['회의', '초']);
  });

  it('join what overlaps', () => {
    assert.deepEqual(marked('"a b" "b c"', { body: 'a b c' }), ['a b c']);
  });

  it('of a number are its groups', () => {
    assert.deepEqual(marked('110234567890', { body: 'wire 110-234-567890 now' }), ['110-234-567890']);
  });

  it('of NEAR are the places of its pairs, whatever else stands in the text', () => {
    const near = (ordered: boolean, distance: number) =>
      ({
        type: 'near',
        field: 'any',
        ordered,
        distance,
        left: phrases('a', 'b c'),
        right: phrases('c', 'a b'),
      }) as const;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'x'), { maxLength: 30 }),
        fc.boolean(),
        fc.nat({ max: 4 }),
        (tokens, ordered, distance) => {
          const leaf = near(ordered, distance);
          // Each token is one character and a space.
          const paired = new Set<number>();
          for (const { from, to } of [...nearPairs(tokens, leaf)].flat())
            for (let at = 2 * from; at < 2 * to - 1; at += 1) paired.add(at);
          const found: number[] = [];
          for (const { start, end } of rangesIn(tokens.join(' '), [leaf]))
            for (let at = start; at < end; at += 1) found.push(at);
          assert.deepEqual(
            found,
            [...paired].sort((a, b) => a - b),
          );
        },
      ),
      { numRuns: 2000, seed: 46 },
    );
  });

  it('of NEAR are found once each, also where a text is nothing but pairs', () => {
    const leaf = {
      type: 'near',
      field: 'any',
      ordered: false,
      distance: 100,
      left: phrases('a'),
      right: phrases('a'),
    } as const;
    assert.equal([...rangesIn('a '.repeat(20_000), [leaf])].length, 20_000);
  });

  it('of NEAR are the pairs that are near, not the same words elsewhere', () => {
    assert.deepEqual(marked('a NEAR(1) b', { body: 'a x x x b a' }), ['b', 'a']);
  });

  it('leave out what is under NOT and OR branches that are not true', () => {
    assert.deepEqual(marked('alpha -beta', { body: 'alpha' }), ['alpha']);
    assert.deepEqual(marked('(alpha beta) OR gamma', { body: 'alpha gamma' }), ['gamma']);
    assert.deepEqual(marked('NOT (NOT alpha OR NOT beta)', { body: 'beta alpha' }), ['beta', 'alpha']);
    assert.deepEqual(marked('from:ann', { body: 'ann' }), []);
  });

  it('are of the versions that match and of the part of the field', () => {
    assert.deepEqual(marked('alpha -beta', { body: 'alpha beta', edits: [{ body: 'x alpha' }] }), [
      '2:alpha',
    ]);
    assert.deepEqual(marked('subject:plan', { subject: 'Plan', body: 'plan', files: ['plan'] }), ['Plan']);
    assert.deepEqual(marked('plan', { subject: 'Plan', body: 'x', files: ['a', 'my plan'] }), [
      'Plan',
      'plan',
    ]);
  });

  it('are the first of very many, and say that there are more', () => {
    const item = buildItem({ subject: 'a', body: 'a '.repeat(131_072) });
    for (const query of ['a', 'a NEAR(100) a OR a', 'a OR b', 'a OR (NOT (NOT a))']) {
      const { highlights, moreHighlights } = highlight(queryOf(query), item, [1]);
      assert.equal(highlights.length, maxHighlights);
      assert.deepEqual(highlights[0], { version: 1, part: 'subject', offset: 0, length: 1 });
      assert.deepEqual(highlights.at(-1), {
        version: 1,
        part: 'body',
        offset: 2 * (maxHighlights - 2),
        length: 1,
      });
      assert.equal(moreHighlights, true);
    }
    const last = buildItem({ body: 'a '.repeat(maxHighlights) });
    const all = highlight(queryOf('a'), last, [1]);
    assert.deepEqual([all.highlights.length, all.moreHighlights], [maxHighlights, false]);
  });

  it('of very many are shared by the versions that match', () => {
    const body = 'a '.repeat(2_000);
    const item = buildItem({ body, edits: [{ body: 'b' }, { body: `${body}c` }] });
    const { highlights, moreHighlights } = highlight(queryOf('a'), item, [1, 3]);
    const counts = [1, 2, 3].map((number) => highlights.filter(({ version }) => version === number).length);
    assert.deepEqual(counts, [maxHighlights / 2, 0, maxHighlights / 2]);
    assert.equal(moreHighlights, true);
    const edits = Array.from({ length: maxHighlights }, () => ({ body: 'a a' }));
    const often = buildItem({ body: 'a a', edits });
    const some = highlight(
      queryOf('a'),
      often,
      often.versions.map(({ number }) => number),
    );
    assert.deepEqual([some.highlights.length, some.moreHighlights], [maxHighlights, true]);
  });

  it('of a long text are found without reading it to its end', () => {
    for (const text of ['a '.repeat(100_000), '가'.repeat(100_000), '1 '.repeat(100_000)]) {
      const reading = readingOf(text);
      reading.readTo(1_000);
      reading.joinedFrom(900);
      assert.equal(reading.tokens.length, 1_000);
    }
  });

  it('give an emoji whole', () => {
    assert.deepEqual(marked('👍', { body: 'ok 👍🏿!' }), ['👍🏿']);
  });
});
