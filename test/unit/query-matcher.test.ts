import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Phrase, Query } from '../../services/core/query/ast.ts';
import { nearPairs } from '../../services/core/query/find-phrase.ts';
import { matchItem } from '../../services/core/query/match-item.ts';
import { onlySuperset } from '../../services/core/query/only-superset.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { buildItem, type ItemSpec, type VersionSpec } from '../support/item-builder.ts';

const read = (text: string): Query => {
  const result = parseQuery(text, { now: new Date('2024-03-10T12:00:00.000Z'), timeZone: 'UTC' });
  assert.ok(result.ok, JSON.stringify(result));
  return result.parsed.query;
};

const leaves = fc.constantFrom(
  ...[
    'alpha',
    'beta*',
    '"alpha beta"',
    'alpha NEAR(1) beta',
    'subject:alpha',
    'body:gamma',
    'attachmentnames:plan',
    'from:ann',
    'to:bob',
    'present:carl',
    'participants:contoso.com',
    'participants:!contoso.com',
    'only:(ann, bob)',
    'between:(ann, bob)',
    'version:latest',
    'deleted:true',
    'edited:true',
    'sent>=2024-03-05',
    'kind:room',
    '회의',
  ]
    .map((text) => read(`event:message OR ${text}`))
    .map((query) => (query.type === 'or' ? query.operands.at(-1)! : query)),
);
const { query: anyQuery } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    fc.record({ type: fc.constant('not' as const), operand: tie('query') }),
    fc.record({
      type: fc.constantFrom('and' as const, 'or' as const),
      operands: fc.array(tie('query'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

const person = fc.constantFrom('ann', 'bob', 'carl', 'eve@other.org');
const version: fc.Arbitrary<VersionSpec> = fc.record({
  body: fc
    .array(fc.constantFrom('alpha', 'beta', 'betamax', 'gamma', '회의록'), { maxLength: 4 })
    .map((words) => words.join(' ')),
  from: person,
  to: fc.uniqueArray(person, { maxLength: 3 }),
  complete: fc.boolean(),
  at: fc.constantFrom('2024-03-01T00:00:00.000Z', '2024-03-09T00:00:00.000Z'),
});
const anyItem = fc
  .record({
    first: version,
    edits: fc.array(version, { maxLength: 2 }),
    kind: fc.constantFrom('im' as const, 'room' as const),
    subject: fc.constantFrom(undefined, 'alpha'),
    files: fc.constantFrom(undefined, ['plan.doc']),
    isDeleted: fc.boolean(),
  })
  .map(
    ({ first, edits, kind, subject, files, isDeleted }): ItemSpec => ({
      ...first,
      edits,
      kind,
      ...(subject === undefined ? {} : { subject }),
      ...(files === undefined ? {} : { files }),
      ...(isDeleted ? { deletedAt: '2024-03-09T00:00:00.000Z' } : {}),
    }),
  )
  .map(buildItem);

const not = (operand: Query): Query => ({ type: 'not', operand });
const same = (left: Query, right: Query, item: ReturnType<typeof buildItem>) =>
  assert.deepEqual(matchItem(left, item), matchItem(right, item));
const runs = { numRuns: 1500, seed: 20260728 };

describe('the matcher keeps the laws of three values', () => {
  it('NOT NOT is nothing', () => {
    fc.assert(
      fc.property(anyQuery, anyItem, (query, item) => same(not(not(query)), query, item)),
      runs,
    );
  });

  it('De Morgan', () => {
    fc.assert(
      fc.property(anyQuery, anyQuery, anyItem, (a, b, item) => {
        same(not({ type: 'and', operands: [a, b] }), { type: 'or', operands: [not(a), not(b)] }, item);
        same(not({ type: 'or', operands: [a, b] }), { type: 'and', operands: [not(a), not(b)] }, item);
      }),
      runs,
    );
  });

  it('order, repetition and nesting of operands do not matter', () => {
    fc.assert(
      fc.property(anyQuery, anyQuery, anyQuery, anyItem, (a, b, c, item) => {
        for (const type of ['and', 'or'] as const) {
          same({ type, operands: [a, b, c] }, { type, operands: [c, { type, operands: [b, a] }, b] }, item);
        }
      }),
      runs,
    );
  });

  it('AND distributes over OR in one version', () => {
    fc.assert(
      fc.property(anyQuery, anyQuery, anyQuery, anyItem, (a, b, c, item) => {
        same(
          { type: 'and', operands: [a, { type: 'or', operands: [b, c] }] },
          {
            type: 'or',
            operands: [
              { type: 'and', operands: [a, b] },
              { type: 'and', operands: [a, c] },
            ],
          },
          item,
        );
      }),
      runs,
    );
  });

  it('every `only` that is not false has its superset', () => {
    const only = read('event:message only:(ann, bob)');
    const leaf = only.type === 'and' ? only.operands.find((operand) => operand.type === 'only') : undefined;
    assert.ok(leaf?.type === 'only');
    const superset = onlySuperset(leaf);
    assert.ok(superset !== undefined);
    fc.assert(
      fc.property(anyItem, (item) => {
        if (matchItem(leaf, item).truth !== 'false') assert.equal(matchItem(superset, item).truth, 'true');
      }),
      runs,
    );
  });
});

describe('NEAR', () => {
  /** The definition read literally: every pair of places, one after the other. */
  const literal = (
    tokens: readonly string[],
    left: Phrase,
    right: Phrase,
    distance: number,
    ordered: boolean,
  ) => {
    const places = ({ tokens: wanted, prefix }: Phrase) =>
      tokens.flatMap((_, from) =>
        wanted.every((token, index) => {
          const at = tokens[from + index];
          return prefix && index === wanted.length - 1 ? at?.startsWith(token) : at === token;
        })
          ? [[from, from + wanted.length - 1] as const]
          : [],
      );
    const near = (first: Phrase, second: Phrase) =>
      places(first).some(([, end]) =>
        places(second).some(([start]) => start > end && start - end - 1 <= distance),
      );
    return near(left, right) || (!ordered && near(right, left));
  };

  it('is what its definition says, also where operands overlap and repeat', () => {
    const token = fc.constantFrom('a', 'b', 'ab');
    const phrase: fc.Arbitrary<Phrase> = fc.record({
      tokens: fc.array(token, { minLength: 1, maxLength: 3 }),
      prefix: fc.boolean(),
      joined: fc.constant(false),
    });
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 12 }),
        phrase,
        phrase,
        fc.nat(4),
        fc.boolean(),
        (tokens, left, right, distance, ordered) => {
          const leaf = {
            type: 'near',
            field: 'any',
            ordered,
            distance,
            left: [left],
            right: [right],
          } as const;
          const found = !nearPairs(tokens, leaf).next().done;
          assert.equal(found, literal(tokens, left, right, distance, ordered));
        },
      ),
      { numRuns: 5000, seed: 20260728 },
    );
  });
});
