import fc from 'fast-check';
import type { Item } from '../../schemas/archive/item.ts';
import { buildItem, type ItemSpec, type PersonSpec, type VersionSpec } from './item-builder.ts';

/** Few words, so that they meet: Latin, Korean, Chinese, kana, emoji, digit groups, signs. */
const words = [
  ...['alpha', 'alp', 'beta', 'a', 'b', 'ab', 'Bob’s', 'Café', 'upgrade', 'apt-get'],
  ...['회의록', '회의', '의', '내부 거래', '內線交易', '內', '交易', 'ｶﾀｶﾅ', '東京都'],
  ...[
    '👍',
    '👍🏽',
    '🚀',
    '110-234-567890',
    '110 234',
    '100',
    '$100',
    'C++',
    '#tag',
    '5%',
    'AT&T',
    '...',
    ',',
  ],
];

export const arbitraryText: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', ' ', ' ', '', '\n')), {
    minLength: 0,
    maxLength: 9,
  })
  .map((parts) => parts.flat().join(''));

export const people = ['ann', 'bob', 'carl@it.contoso.com', 'dora@fabrikam.example', 'ann@evilcontoso.com'];

const arbitraryPerson: fc.Arbitrary<PersonSpec> = fc.oneof(
  fc.constantFrom(...people),
  fc.constantFrom({ id: 'P1', address: 'ann@contoso.com', name: 'Ann Lee' }, { id: 'P2', name: '홍 길동' }),
);

const firstDayMs = Date.parse('2024-02-28T00:00:00.000Z');
const arbitraryTime = fc
  .integer({ min: -40, max: 40 })
  .map((quarters) => new Date(firstDayMs + quarters * 6 * 3_600_000).toISOString());

const arbitraryVersion: fc.Arbitrary<VersionSpec> = fc.record(
  {
    body: arbitraryText,
    subject: fc.constantFrom('alpha 회의', 'beta', 'a b'),
    at: arbitraryTime,
  },
  { requiredKeys: ['body', 'at'] },
);

const conversations = [
  { id: 'c0', kind: 'im', name: undefined },
  { id: 'c1', kind: 'room', name: 'Trading Room' },
  { id: 'c2', kind: 'im', name: '회의 alpha' },
  { id: 'Ｃ3', kind: 'meeting', name: 'alpha' },
  { id: '𝒸4', kind: 'im', name: undefined },
] as const;
const partitionCount = 3;

const arbitrarySpec: fc.Arbitrary<ItemSpec> = fc
  .record(
    {
      first: arbitraryVersion,
      place: fc.nat({ max: conversations.length - 1 }),
      session: fc.constantFrom('s1', 's2'),
      from: arbitraryPerson,
      to: fc.uniqueArray(arbitraryPerson, { maxLength: 3, selector: (person) => JSON.stringify(person) }),
      complete: fc.constantFrom(true, true, false),
      files: fc.array(fc.constantFrom('final plan.doc', 'plan', 'alpha beta 회의.pdf', 'x'), {
        maxLength: 2,
      }),
      event: fc.constantFrom('message', 'message', 'message', 'message', 'join', 'topic'),
      edits: fc.array(arbitraryVersion, { maxLength: 3 }),
      deletedAt: arbitraryTime,
      imported: fc.boolean(),
      originalMissing: fc.constantFrom(false, false, false, true),
      mentions: fc.constantFrom(['bob'], ['dora@fabrikam.example']),
    },
    { requiredKeys: ['first', 'place', 'session', 'from', 'to', 'complete', 'event', 'imported'] },
  )
  .map(({ first, place, event, files, ...rest }) => {
    const { id, kind, name } = conversations[place]!;
    const isMessage = event === 'message';
    return {
      ...rest,
      ...first,
      event,
      ...(isMessage ? {} : { edits: [], originalMissing: false }),
      ...(isMessage && files !== undefined && files.length > 0 ? { files } : {}),
      kind,
      conversation: { id, kind, ...(name === undefined ? {} : { name }) },
      partition: place % partitionCount,
    } as ItemSpec;
  });

/** Offsets of one item: its first, and room for its later facts before the next item's. */
const stride = 8;

/** Items of three partitions, in the order of their positions; sent times and positions disagree. */
export const arbitraryItems = (maxLength: number): fc.Arbitrary<readonly Item[]> =>
  fc
    .array(arbitrarySpec, { minLength: Math.ceil(maxLength / 3), maxLength, size: 'max' })
    .map((specs) =>
      specs.map((spec, index) => buildItem({ ...spec, id: `item-${index}`, offset: index * stride })),
    );

export const partitions = partitionCount;
