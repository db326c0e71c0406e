import fc from 'fast-check';
import type { Query } from '../../services/core/query/ast.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { people } from './arbitrary-items.ts';

const words = [
  'alpha',
  'alp',
  'beta',
  'a',
  'b',
  'cafe',
  'bob’s',
  '회의록',
  '회의',
  '의',
  '내부거래',
  '內線',
  '交',
  '카',
];
const odd = ['👍', '110234567890', '110-234', '100', '$100', 'C++', '#tag', '5%', 'ｶﾀｶﾅ', '없음'];
const phrases = ['"a b"', '"alpha beta"', '"회의록 초안"', '"a b a"', '"apt-get upgrade"', '"alpha 회의"'];
const prefixes = ['al*', 'up*', '회*', '"a alp*"', '11*', '東*'];

const term = fc.constantFrom(...words, ...words, ...odd, ...phrases, ...prefixes);
const plainTerm = fc.constantFrom(...words, ...phrases, ...prefixes);
const person = fc.constantFrom(...people, 'ann@contoso.com', 'contoso.com', 'lee', '길동', 'ann*', 'id:P1');
const group = fc
  .uniqueArray(plainTerm, { minLength: 1, maxLength: 3 })
  .map((terms) => (terms.length === 1 ? terms[0]! : `(${terms.join(' OR ')})`));
const day = fc.integer({ min: 18, max: 29 }).map((number) => `2024-02-${number}`);

const near = fc
  .tuple(group, fc.constantFrom('NEAR', 'ONEAR'), fc.nat({ max: 5 }), group)
  .map(([left, operator, distance, right]) => `(${left} ${operator}(${distance}) ${right})`);

const property = fc.oneof(
  fc
    .tuple(fc.constantFrom('from', 'to', 'participants', 'present', 'recipients'), person)
    .map(([name, value]) => `${name}:${value}`),
  fc
    .tuple(fc.constantFrom('subject', 'body', 'attachmentnames'), fc.constantFrom(...words, ...prefixes))
    .map(([name, value]) => `${name}:${value}`),
  fc
    .tuple(fc.constantFrom('sent', 'edited', 'deleted'), fc.constantFrom('>=', '<', '='), day)
    .map((parts) => parts.join('')),
  fc.tuple(day, day).map((days) => `sent:${days.sort().join('..')}`),
  fc.tuple(person, person).map(([one, other]) => `between:(${one}, ${other})`),
  fc.uniqueArray(person, { minLength: 1, maxLength: 4 }).map((list) => `only:(${list.join(', ')})`),
  fc.constantFrom(
    'edited:true',
    'deleted:true',
    'edited:false',
    'version:latest',
    'version:original',
    'kind:room',
  ),
  fc.constantFrom(
    'kind:im',
    'session:s1',
    'conversation:c0',
    'conversation:alpha',
    'room:trading',
    'direction:internal',
  ),
  fc.constantFrom('event:message', 'event:join', 'event:(join OR topic)'),
);

const { query: text } = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'medium', maxDepth: 4 },
    { arbitrary: term, weight: 4 },
    { arbitrary: near, weight: 2 },
    { arbitrary: property, weight: 3 },
    { arbitrary: tie('query').map((operand) => `(NOT ${operand})`), weight: 2 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(' AND ', ' OR '), fc.array(tie('query'), { minLength: 2, maxLength: 4 }))
        .map(([operator, operands]) => `(${operands.join(operator)})`),
      weight: 5,
    },
  ),
}));

export interface NamedQuery {
  readonly text: string;
  readonly query: Query;
}

const parsed = (query: string): NamedQuery[] => {
  const result = parseQuery(query, { now: new Date('2024-03-01T12:00:00.000Z'), timeZone: 'UTC' });
  return result.ok ? [{ text: query, query: result.parsed.query }] : [];
};

/** Queries of every kind of condition, up to four levels deep; what the parser refuses is left out. */
export const arbitraryQueries = (count: number): fc.Arbitrary<readonly NamedQuery[]> =>
  fc.array(text, { minLength: count, maxLength: count }).map((texts) => texts.flatMap(parsed));
