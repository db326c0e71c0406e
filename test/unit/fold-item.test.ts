import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Item } from '../../schemas/archive/item.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import { conflictItemId, type Fact } from '../../services/core/item/facts.ts';
import { conflictItem, foldFact } from '../../services/core/item/fold-item.ts';
import { deleted, edited, reacted, read, sent } from '../support/event-builder.ts';

const fact = (event: ImEvent, offset: number): Fact => ({
  event,
  generation: 1,
  partition: 0,
  offset,
  loggedAt: new Date(Date.UTC(2024, 0, 1, 0, 0, offset)),
});

const fold = (events: readonly ImEvent[]): Item => {
  const item = events.reduce<Item | undefined>(
    (present, event, offset) => foldFact(present, fact(event, offset)),
    undefined,
  );
  return Item.parse(item);
};

test('an edit adds a version and keeps the original', () => {
  const item = fold([sent({ id: 'm', body: 'alpha' }), edited({ item: 'm', body: 'beta' })]);
  assert.deepEqual(
    item.versions.map(({ number, body }) => [number, body]),
    [
      [1, 'alpha'],
      [2, 'beta'],
    ],
  );
  assert.equal(item.newestOffset, 1);
});

test('a deletion is a mark with time and actor; the words stay', () => {
  const item = fold([sent({ id: 'm', body: 'alpha' }), deleted({ item: 'm', by: 'bob' })]);
  assert.equal(item.versions[0]?.body, 'alpha');
  assert.equal(item.deletion?.by.id, 'bob');
  assert.equal(item.deletion?.at, '2024-01-01T00:00:01.000Z');
});

test('a second deletion does not replace the first', () => {
  const item = fold([
    sent({ id: 'm', body: 'alpha' }),
    deleted({ item: 'm', by: 'bob' }),
    deleted({ item: 'm', by: 'ann' }),
  ]);
  assert.equal(item.deletion?.by.id, 'bob');
  assert.equal(item.newestOffset, 2);
});

test('reactions and receipts fold into their item in log order', () => {
  const item = fold([
    sent({ id: 'm', body: 'alpha' }),
    reacted({ item: 'm', reaction: '👍' }),
    reacted({ item: 'm', reaction: '👍', removed: true }),
    read({ item: 'm', by: 'bob' }),
  ]);
  assert.deepEqual(
    item.reactions?.map(({ reaction, removed }) => [reaction, removed === true]),
    [
      ['👍', false],
      ['👍', true],
    ],
  );
  assert.deepEqual(
    item.receipts?.map(({ kind, by }) => [kind, by.id]),
    [['read', 'bob']],
  );
});

test('an edit before its original is kept, marked, and completed when the original comes', () => {
  const early = fold([edited({ item: 'm', body: 'beta' })]);
  assert.equal(early.originalMissing, true);
  assert.deepEqual(
    early.versions.map(({ number }) => number),
    [2],
  );
  const whole = fold([edited({ item: 'm', body: 'beta' }), sent({ id: 'm', body: 'alpha' })]);
  assert.equal(whole.originalMissing, undefined);
  assert.deepEqual(
    whole.versions.map(({ number, body }) => [number, body]),
    [
      [1, 'alpha'],
      [2, 'beta'],
    ],
  );
  assert.equal(whole.firstOffset, 0);
});

test('a fact that was folded before changes nothing, so that a replay is harmless', () => {
  const item = fold([sent({ id: 'm', body: 'alpha' }), edited({ item: 'm', body: 'beta' })]);
  assert.equal(foldFact(item, fact(edited({ item: 'm', body: 'beta' }), 1)), item);
});

test('a second content under a used id becomes an item of its own that names the first', () => {
  const id = conflictItemId('m', 'f'.repeat(64));
  const item = Item.parse(conflictItem(fact(sent({ id: 'm', body: 'other' }), 5), id, 'm' as Item['id']));
  assert.equal(item.id, 'm~ffffffffffffffff');
  assert.equal(item.conflictsWith, 'm');
  assert.equal(item.versions[0]?.body, 'other');
});

test('one participant from outside makes the item external', () => {
  assert.equal(fold([sent({ id: 'm', body: 'x' })]).direction, 'internal');
  assert.equal(
    fold([sent({ id: 'm', body: 'x', others: [{ id: 'eve', class: 'federated' }] })]).direction,
    'external',
  );
});
