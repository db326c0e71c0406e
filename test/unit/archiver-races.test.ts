import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemId } from '../../schemas/ids.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { Correction } from '../../services/ports/archive-index.ts';
import type { Assignment } from '../../services/ports/assignment.ts';
import type { LoggedRecord } from '../../services/ports/event-log.ts';
import { edited, reacted, sent } from '../support/event-builder.ts';
import {
  archiveAll,
  differencesOf,
  im,
  inBatchesOfOne,
  nobody,
  openShared,
} from '../support/shared-archive.ts';
import { until } from '../support/until.ts';

test('an item that a crashed run put but never accounted for goes when the next run refuses its event', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), sent({ id: 'b', body: 'beta' }));
  await shared.index.put([await shared.itemOf(0), await shared.itemOf(1)]);
  await shared.setScope(nobody);
  await archiveAll(shared.archiver());
  assert.deepEqual(await shared.outcomes(), ['refused', 'refused']);
  assert.deepEqual(await shared.index.counts(), { items: 0, perPartition: [0] });
  assert.deepEqual(await differencesOf(shared), []);
});

test('no decision reads what was put but never accounted for', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), edited({ item: 'a', body: 'alpha again' }));
  await shared.index.put([await shared.itemOf(0)]);
  await shared.setScope(nobody);
  await archiveAll(shared.archiver());
  assert.deepEqual(await shared.outcomes(), ['refused', 'refused']);
  assert.equal((await shared.index.counts()).items, 0);
});

test('a later fact that was put but is none of the item is taken out of it again', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }));
  await archiveAll(shared.archiver());
  await shared.append('not an event', sent({ id: 'b', body: 'beta' }));
  const item = JSON.parse((await shared.itemOf(0)).item);
  const by = item.versions[0].author;
  const stray = { eventId: 'x', offset: 1, by, at: '2024-01-01T00:00:00.000Z', reaction: 'heart' };
  await shared.index.put([toIndexDocument({ ...item, newestOffset: 1, reactions: [stray] })]);
  await archiveAll(shared.archiver());
  assert.deepEqual(await shared.outcomes(), ['archived', 'quarantined', 'archived']);
  assert.equal((await shared.index.get(['a' as ItemId]))[0]?.reactions, undefined);
  assert.deepEqual(await differencesOf(shared), []);
});

test('a state beyond the ledger does not keep an accounted fact out of the index', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }));
  await archiveAll(shared.archiver());
  await shared.append(reacted({ item: 'a', reaction: 'heart' }), 'not an event');
  const item = JSON.parse((await shared.itemOf(0)).item);
  const stray = {
    ...item,
    newestOffset: 2,
    deletion: { eventId: 'x', offset: 2, by: item.versions[0].author, at: '2024-01-01T00:00:00.000Z' },
  };
  await shared.index.put([toIndexDocument(stray)]);
  await archiveAll(shared.archiver());
  const [now] = await shared.index.get(['a' as ItemId]);
  assert.equal(now?.reactions?.length, 1);
  assert.equal(now?.deletion, undefined);
  assert.deepEqual(await differencesOf(shared), []);
});

test('who loses a race takes its own outcomes back and goes on from the winner', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), sent({ id: 'b', body: 'beta' }));
  const loser = shared.archiver();
  shared.ledger.beforePropose = async () => {
    shared.ledger.beforePropose = async () => undefined;
    // The scope changed after the loser asked for it, and another archiver decided by the new one.
    await shared.setScope(nobody);
    await archiveAll(shared.archiver());
  };
  loser.start();
  await loser.processAll();
  assert.deepEqual(await shared.outcomes(), ['refused', 'refused']);
  assert.equal((await shared.index.counts()).items, 0);
  await shared.setScope({ who: 'everyone' });
  await shared.append(sent({ id: 'c', body: 'gamma' }));
  await loser.processAll();
  assert.deepEqual(await shared.outcomes(), ['refused', 'refused', 'archived']);
  assert.deepEqual(await differencesOf(shared), []);
  await loser[Symbol.asyncDispose]();
});

test('what was put before another fact of its item is in the index from the moment on in which it is recorded', async () => {
  const shared = openShared();
  await shared.append(reacted({ item: 'a', reaction: 'heart' }), sent({ id: 'a', body: 'alpha' }));
  // An earlier run left the later fact alone, so that the index takes the earlier one for old.
  await shared.index.put([await shared.itemOf(1)]);
  const held: unknown[] = [];
  shared.ledger.beforePropose = async () => {
    const [item] = await shared.index.get(['a' as ItemId]);
    held.push([item?.firstOffset, item?.newestOffset]);
  };
  await archiveAll(shared.archiver({ log: inBatchesOfOne(shared.log) }));
  assert.deepEqual(held, [
    [0, 1],
    [0, 1],
  ]);
  assert.deepEqual(await differencesOf(shared), []);
});

test('a copy of the index made while a batch was put that lost its race holds nothing of it in the end', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), sent({ id: 'b', body: 'beta' }));
  const copy = [await shared.itemOf(0), await shared.itemOf(1)];
  await shared.setScope(nobody);
  await archiveAll(shared.archiver({ log: inBatchesOfOne(shared.log) }));
  await shared.index.put(copy);
  await archiveAll(shared.archiver());
  assert.equal((await shared.index.counts()).items, 0);
});

test('who loses to a shorter range archives the rest of its batch', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), sent({ id: 'b', body: 'beta' }));
  const loser = shared.archiver();
  shared.ledger.beforePropose = async () => {
    shared.ledger.beforePropose = async () => undefined;
    await using winner = shared.archiver({ log: inBatchesOfOne(shared.log, 'stops') });
    winner.start();
    await winner.waitFor(im, 1);
  };
  loser.start();
  await loser.processAll();
  assert.deepEqual(await shared.outcomes(), ['archived', 'archived']);
  assert.deepEqual(await differencesOf(shared), []);
  await loser[Symbol.asyncDispose]();
});

test('who loses a race leaves alone what the winner has put and not yet recorded', async () => {
  const shared = openShared();
  const { index } = shared;
  await shared.append(sent({ id: 'a', body: 'alpha' }));
  const corrections: Correction[] = [];
  const correct = index.correct.bind(index);
  index.correct = (given) => {
    corrections.push(...given);
    return correct(given);
  };
  await using loser = shared.archiver();
  shared.ledger.beforePropose = async () => {
    shared.ledger.beforePropose = async () => undefined;
    await archiveAll(shared.archiver());
    await shared.append(reacted({ item: 'a', reaction: 'heart' }));
    await index.put([await shared.itemOf(0, 1)]);
  };
  loser.start();
  await loser.processAll();
  assert.deepEqual(corrections, []);
  assert.deepEqual(await differencesOf(shared), []);
});

test('who decided on an older state takes nothing of the winner out of the index', async () => {
  const shared = openShared();
  const { index } = shared;
  await shared.append(sent({ id: 'a', body: 'alpha', by: 'ann' }));
  await shared.append(edited({ item: 'a', body: 'beta', by: 'bob' }));
  await shared.setScope({ who: 'users', users: ['bob@contoso.example'] });
  const put = index.put.bind(index);
  let firstOffset: number | undefined;
  index.put = async (documents, basis) => {
    index.put = put;
    await shared.setScope({ who: 'everyone' });
    await archiveAll(shared.archiver());
    const outcomes = await put(documents, basis);
    firstOffset = (await index.get(['a' as ItemId]))[0]?.firstOffset;
    return outcomes;
  };
  await archiveAll(shared.archiver());
  assert.deepEqual(await shared.outcomes(), ['archived', 'archived']);
  assert.equal(firstOffset, 0);
  assert.deepEqual(await differencesOf(shared), []);
});

test('a copy of the index made in the middle of a batch is completed', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), sent({ id: 'b', body: 'beta' }));
  await archiveAll(shared.archiver());
  await shared.index.remove(['a' as ItemId]);
  await archiveAll(shared.archiver());
  assert.equal((await shared.index.counts()).items, 2);
  assert.deepEqual(await differencesOf(shared), []);
});

test('two archivers on one partition archive every event once, whoever wins', async () => {
  const shared = openShared();
  const both = [shared.archiver(), shared.archiver()];
  for (const one of both) one.start();
  for (let n = 0; n < 60; n += 1) {
    await shared.append(
      sent({ id: `m${n}`, body: `body ${n}` }),
      edited({ item: `m${Math.floor(n / 2)}`, body: `again ${n}` }),
      sent({ id: `m${n - 1}`, body: `other ${n}` }),
    );
    if (n % 20 === 10) await shared.setScope(nobody);
    if (n % 20 === 15) await shared.setScope({ who: 'everyone' });
  }
  for (const one of both) await one.processAll();
  assert.equal((await shared.outcomes()).length, 180);
  for (const one of both) await one[Symbol.asyncDispose]();
  assert.deepEqual(await differencesOf(shared), []);
});

test('an archiver that may have lost its partition puts nothing until it has it again', async () => {
  const shared = openShared();
  let isCurrent = false;
  const assignment: Assignment = {
    async *changes(signal) {
      yield [im];
      await until(() => signal.aborted);
    },
    isCurrent: () => isCurrent,
    [Symbol.asyncDispose]: async () => undefined,
  };
  await using archiver = shared.archiver({ assignment });
  archiver.start();
  await shared.append(sent({ id: 'a', body: 'alpha' }));
  await until(() => shared.clock.sleeping > 0);
  assert.equal((await shared.index.counts()).items, 0);
  isCurrent = true;
  shared.clock.advance(1000);
  await archiver.waitFor(im, 1);
  assert.equal((await shared.index.counts()).items, 1);
  assert.deepEqual(await archiver.status(), { state: 'running' });
  isCurrent = false;
  const { state, failure } = await archiver.status();
  assert.deepEqual([state, /group .* has not answered/.test(failure ?? '')], ['starting', true]);
});

test('a partition that is taken away is archived no more, and begun again when it is given back', async () => {
  const shared = openShared();
  const given: (readonly (typeof im)[])[] = [];
  const assignment: Assignment = {
    async *changes(signal) {
      while (!signal.aborted) {
        await until(() => given.length > 0 || signal.aborted);
        const next = given.shift();
        if (next !== undefined) yield next;
      }
    },
    isCurrent: () => true,
    [Symbol.asyncDispose]: async () => undefined,
  };
  await using archiver = shared.archiver({ assignment });
  archiver.start();
  given.push([im]);
  await shared.append(sent({ id: 'a', body: 'alpha' }));
  await archiver.waitFor(im, 1);
  given.push([]);
  await until(() => given.length === 0);
  await using other = shared.archiver();
  await shared.append(sent({ id: 'b', body: 'beta' }));
  other.start();
  await other.waitFor(im, 2);
  given.push([im]);
  await archiver.waitFor(im, 2);
  assert.deepEqual(await shared.outcomes(), ['archived', 'archived']);
});

test("the log's own records are accounted for as control", async () => {
  const shared = openShared();
  const { log } = shared;
  await shared.append(sent({ id: 'a', body: 'alpha' }), 'mark', sent({ id: 'b', body: 'beta' }));
  const marked: typeof log.read = async function* (from, options) {
    for await (const batch of log.constructor.prototype.read.call(log, from, options))
      yield batch.map((record: LoggedRecord) =>
        record.position.offset === 1 && from.stream === 'im'
          ? { ...record, value: null, control: true }
          : record,
      );
  };
  log.read = marked as typeof log.read;
  await archiveAll(shared.archiver());
  assert.deepEqual(await shared.outcomes(), ['archived', 'control', 'archived']);
  assert.deepEqual(await differencesOf(shared), []);
});
