import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { firstLacking } from '../../services/archiver/first-lacking.ts';
import { prepareHere } from '../../services/archiver/prepare-record.ts';
import { foldFact } from '../../services/core/item/fold-item.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { changeScope } from '../../services/governance/change-scope.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { bytesOf, edited, sent } from '../support/event-builder.ts';
import { sha256 } from '../support/range-proposals.ts';
import {
  archiveAll,
  differencesOf,
  im,
  inBatchesOfOne,
  nobody,
  openShared,
} from '../support/shared-archive.ts';

const partitions = { im: 1, governance: 1, audit: 1 } as const;

const documentOf = (event: ImEvent) =>
  toIndexDocument(
    foldFact(undefined, { event, generation: 1, partition: 0, offset: 0, loggedAt: new Date(0) }),
  );

test('an item of an event that was refused goes although the archiver that refused it died before it could take it away', async () => {
  const clock = new MemoryClock();
  const log = new MemoryEventLog({ partitions, clock });
  const ledger = new MemoryLedger();
  const governance = new GovernanceView(log);
  const archive = async (index: ArchiveIndex): Promise<void> => {
    await using archiver = new Archiver({ log, ledger, index, governance, prepare: prepareHere, clock });
    archiver.start();
    await archiver.processAll();
  };
  const event = sent({ id: 'a', body: 'alpha' });
  await log.append('im', [{ key: 'c1', value: bytesOf(event) }]);
  const index = new MemoryArchiveIndex({ partitions: 1 });
  // One archiver died after it had put, the next after it had recorded the range: it left the index as it was.
  await index.put([documentOf(event)]);
  await changeScope(
    { log, governance, clock, random: new SeededRandom('scope'), installation: 'test' },
    'admin',
    { scope: { who: 'users', users: ['nobody@contoso.example'] } },
  );
  await archive(new MemoryArchiveIndex({ partitions: 1 }));
  await archive(index);
  assert.equal((await ledger.counts({ stream: 'im', generation: 1, partition: 0 })).refused, 1);
  assert.equal((await index.counts()).items, 0);
});

test('a copy of the index that holds a later fact of an item without its first is completed', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), edited({ item: 'a', body: 'alpha again' }));
  await archiveAll(shared.archiver());
  const whole = await shared.index.get(['a' as ItemId]);
  // An earlier attempt refused the message by the scope of then, and began the item with its edit.
  await shared.index.remove(['a' as ItemId]);
  await shared.index.put([await shared.itemOf(1)]);
  const walked: number[] = [];
  const ranges = shared.ledger.ranges.bind(shared.ledger);
  shared.ledger.ranges = (partition, from) => {
    walked.push(from);
    return ranges(partition, from);
  };
  await archiveAll(shared.archiver());
  assert.deepEqual(await shared.index.get(['a' as ItemId]), whole);
  assert.deepEqual(walked, [], 'the item comes out by its facts in order, without a walk through the ledger');
  assert.deepEqual(await differencesOf(shared), []);
});

test('an item that another partition put first under its id is not looked for in a copy of the index', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }));
  await archiveAll(shared.archiver());
  const index = new MemoryArchiveIndex({ partitions: 2 });
  assert.equal(await firstLacking({ ...shared, index }, im, 1), 0);
  const elsewhere = { event: sent({ id: 'a', body: 'alpha' }), generation: 1, partition: 1, offset: 7 };
  await index.put([toIndexDocument(foldFact(undefined, { ...elsewhere, loggedAt: new Date(0) }))]);
  assert.equal(await firstLacking({ ...shared, index }, im, 1), undefined);
});

test('what another archiver puts into an item of a batch, and never records, goes with the range of the batch', async () => {
  const shared = openShared();
  await shared.append('not an event', sent({ id: 'a', body: 'alpha' }));
  const item = JSON.parse((await shared.itemOf(1)).item);
  const by = item.versions[0].author;
  const stray = { eventId: 'x', offset: 0, by, at: '2024-01-01T00:00:00.000Z', reaction: 'heart' };
  const late = toIndexDocument({ ...item, firstOffset: 0, reactions: [stray] });
  const put = shared.index.put.bind(shared.index);
  shared.index.put = async (...asked) => {
    shared.index.put = put;
    await put([late]);
    return put(...asked);
  };
  await archiveAll(shared.archiver());
  assert.equal((await shared.index.get(['a' as ItemId]))[0]?.reactions, undefined);
  assert.deepEqual(await differencesOf(shared), []);
});

test('what is left of an item that is being erased neither stops an archiver nor a rebuild', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), edited({ item: 'a', body: 'alpha again' }));
  await archiveAll(shared.archiver());
  await shared.append(edited({ item: 'a', body: 'alpha at last' }), sent({ id: 'b', body: 'beta' }));
  await archiveAll(shared.archiver());
  // The log is compacted segment by segment.
  await shared.log.erase([0, 1].map((offset) => ({ ...im, offset })));
  const bodies = async () => {
    const items = await shared.index.get(['a', 'b'] as ItemId[]);
    return items.map((item) => item?.versions.map(({ body }) => body));
  };
  const left = [['alpha at last'], ['beta']];
  const archiver = shared.archiver();
  await Array.fromAsync(archiver.rebuild());
  assert.deepEqual(await bodies(), left);
  await archiver[Symbol.asyncDispose]();
  await shared.index.remove(['a', 'b'] as ItemId[]);
  await archiveAll(shared.archiver());
  assert.deepEqual(await bodies(), left);
});

test('an item that does not come out of the log as recorded stops a rebuild, and the index stays', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }));
  await archiveAll(shared.archiver());
  const { ranges, entries } = shared.ledger;
  const other = (entry: LeafEntry | undefined) => entry && { ...entry, itemHash: sha256('other') };
  shared.ledger.entries = async (...asked) =>
    (await entries.apply(shared.ledger, asked)).map(other) as LeafEntry[];
  shared.ledger.ranges = async function* (...asked) {
    for await (const range of ranges.apply(shared.ledger, asked))
      yield { ...range, entries: range.entries.map(other) as LeafEntry[] };
  };
  const archiver = shared.archiver();
  await assert.rejects(Array.fromAsync(archiver.rebuild()), { code: 'VerificationFailed' });
  await archiver[Symbol.asyncDispose]();
  assert.equal((await shared.index.counts()).items, 1);
});

test('a fact that was refused leaves the item of an unfinished attempt, whose later facts stay', async () => {
  const shared = openShared();
  await shared.append(sent({ id: 'a', body: 'alpha' }), edited({ item: 'a', body: 'alpha again' }));
  await shared.index.put([await shared.itemOf(0, 1)]);
  await shared.setScope(nobody);
  {
    await using archiver = shared.archiver({ log: inBatchesOfOne(shared.log, 'stops') });
    archiver.start();
    await archiver.waitFor(im, 1);
    const [left] = await shared.index.get(['a' as ItemId]);
    assert.deepEqual(
      left?.versions.map(({ offset }) => offset),
      [1],
    );
  }
  await archiveAll(shared.archiver());
  assert.deepEqual(await shared.outcomes(), ['refused', 'refused']);
  assert.equal((await shared.index.counts()).items, 0);
});
