import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scope } from '../../schemas/events/governance-event.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { type BatchKnowledge, decideBatch } from '../../services/archiver/decide-batch.ts';
import { prepareRecord } from '../../services/archiver/prepare-record.ts';
import { scopeTest } from '../../services/core/governance/scope.ts';
import type { LoggedRecord } from '../../services/ports/event-log.ts';
import { bytesOf, edited, sent } from '../support/event-builder.ts';

const logged = (values: readonly Uint8Array[]): LoggedRecord[] =>
  values.map((value, offset) => ({
    position: { stream: 'im', generation: 1, partition: 0, offset },
    loggedAt: new Date(0),
    key: 'c1',
    value,
  }));

const decide = (
  events: readonly (ImEvent | string)[],
  known: Partial<BatchKnowledge> = {},
  scope: Scope = { who: 'everyone' },
) => {
  const records = logged(
    events.map((event) => (typeof event === 'string' ? Buffer.from(event) : bytesOf(event))),
  );
  return decideBatch(records, records.map(prepareRecord), {
    known: new Map(),
    items: new Map(),
    occupied: new Set(),
    inScope: scopeTest(scope),
    ...known,
  });
};
const outcomes = (decision: ReturnType<typeof decide>) => decision.entries.map(({ outcome }) => outcome);

test('every record gets exactly one outcome, in order, whatever it is', () => {
  const decision = decide([sent({ id: 'a', body: 'x' }), 'not json', sent({ id: 'b', body: 'y' })]);
  assert.deepEqual(
    decision.entries.map(({ offset, outcome }) => [offset, outcome]),
    [
      [0, 'archived'],
      [1, 'quarantined'],
      [2, 'archived'],
    ],
  );
});

test('the same id with the same content is a duplicate, also within a batch and under another nonce', () => {
  const decision = decide([sent({ id: 'a', body: 'x' }), sent({ id: 'a', body: 'x' })]);
  assert.deepEqual(outcomes(decision), ['archived', 'duplicate']);
  assert.equal(decision.documents.length, 1);
});

test('the same id with other content is kept as a conflict, and a third time the same is a duplicate', () => {
  const decision = decide([
    sent({ id: 'a', body: 'x' }),
    sent({ id: 'a', body: 'z' }),
    sent({ id: 'a', body: 'z' }),
  ]);
  assert.deepEqual(outcomes(decision), ['archived', 'conflict', 'duplicate']);
  assert.match(decision.entries[1]?.itemId ?? '', /^a~[0-9a-f]{16}$/);
  assert.equal(decision.documents.length, 2);
});

test('what was archived in an earlier batch is a duplicate also after a conflict about its id', () => {
  const first = sent({ id: 'a', body: 'x' });
  const { contentHash } = decide([first]).entries[0]!;
  const known = new Map([['a', { contentHash: contentHash!, partition: 0, offset: 7 }]]);
  const decision = decide([sent({ id: 'a', body: 'z' }), first], { known });
  assert.deepEqual(outcomes(decision), ['conflict', 'duplicate']);
  assert.match(decision.entries[1]?.reason ?? '', /0\/7/);
});

test('an id that another partition owns becomes a conflict, never a replacement', () => {
  const decision = decide([sent({ id: 'a', body: 'x' })], { occupied: new Set(['a' as ItemId]) });
  assert.deepEqual(outcomes(decision), ['conflict']);
});

test('nobody in scope: refused with the reason, and nothing reaches the index', () => {
  const decision = decide(
    [sent({ id: 'a', body: 'x', by: 'ann' })],
    {},
    { who: 'users', users: ['bob@contoso.example'] },
  );
  assert.deepEqual(outcomes(decision), ['refused']);
  assert.equal(decision.documents.length, 0);
  assert.match(decision.entries[0]?.reason ?? '', /nobody in scope/);
});

test('one listed participant brings the conversation into scope, by address in any case or by person id', () => {
  const scope: Scope = { who: 'users', users: ['BOB@contoso.example', 'carol'] };
  const decision = decide(
    [
      sent({ id: 'a', body: 'x', by: 'bob' }),
      sent({ id: 'b', body: 'x', others: [{ id: 'carol' }] }),
      sent({ id: 'c', body: 'x', by: 'dan' }),
    ],
    {},
    scope,
  );
  assert.deepEqual(outcomes(decision), ['archived', 'archived', 'refused']);
});

test('an edit of an archived item is archived whatever the scope became', () => {
  const first = decide([sent({ id: 'a', body: 'x', by: 'bob' })]);
  const item = JSON.parse(first.documents[0]?.item ?? '');
  const later = logged([
    bytesOf(sent({ id: 'z', body: 'z' })),
    bytesOf(edited({ item: 'a', body: 'y', by: 'bob' })),
  ]);
  const decision = decideBatch(later, later.map(prepareRecord), {
    known: new Map(),
    items: new Map([[item.id, item]]),
    occupied: new Set(),
    inScope: scopeTest({ who: 'users', users: ['nobody'] }),
  });
  assert.deepEqual(outcomes(decision), ['refused', 'archived']);
});

test('an edit that names an item of another conversation is quarantined, not folded', () => {
  const decision = decide([
    sent({ id: 'a', body: 'x', conversation: 'c1' }),
    edited({ item: 'a', body: 'forged', conversation: 'c2' }),
  ]);
  assert.deepEqual(outcomes(decision), ['archived', 'quarantined']);
  assert.match(decision.entries[1]?.reason ?? '', /another conversation/);
});

test('imported events are in scope by the act of importing', () => {
  assert.deepEqual(
    outcomes(decide([sent({ id: 'a', body: 'x', importId: 'i1' })], {}, { who: 'users', users: ['nobody'] })),
    ['archived'],
  );
});

test('what this partition archived is a duplicate although another partition recorded the id with other content first', () => {
  const here = sent({ id: 'a', body: 'x' });
  const { contentHash } = decide([here]).entries[0]!;
  const others = [{ contentHash: contentHash!, partition: 0, offset: 7 }];
  const known = new Map([['a', { contentHash: 'of other content', partition: 3, offset: 1, others }]]);
  const decision = decide([here, sent({ id: 'a', body: 'z' })], { known });
  assert.deepEqual(outcomes(decision), ['duplicate', 'conflict']);
  assert.match(decision.entries[0]?.reason ?? '', /0\/7/);
});

test('what an importer could not read is a duplicate although other content of its id came first', () => {
  const unparsed = JSON.stringify({
    specversion: '1.0',
    id: 'a',
    source: 'urn:holdfast:importer:irc',
    type: 'holdfast.import.unparsed',
    schemaversion: 1,
    data: { origin: { source: 'irc', container: 'a.txt', line: 3 }, reason: 'fits no form', bytes: 'Pz8=' },
  });
  const { contentHash } = decide([unparsed]).entries[0]!;
  const others = [{ contentHash: contentHash!, partition: 2, offset: 7 }];
  const known = new Map([['a', { contentHash: 'of other content', partition: 3, offset: 1, others }]]);
  const { entries } = decide([unparsed], { known });
  assert.deepEqual([entries[0]?.outcome, entries[0]?.reason], ['duplicate', 'same id and content as 2/7']);
});

test('deciding a batch twice gives the same entries and documents', () => {
  const events = [
    sent({ id: 'a', body: 'x' }),
    edited({ item: 'a', body: 'y' }),
    sent({ id: 'a', body: 'z' }),
    'junk',
  ];
  assert.deepEqual(decide(events), decide(events));
});
