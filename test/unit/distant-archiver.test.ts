import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemId } from '../../schemas/ids.ts';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { DistantArchiver } from '../../services/archiver/distant-archiver.ts';
import { prepareHere } from '../../services/archiver/prepare-record.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import { bytesOf, sent } from '../support/event-builder.ts';

const partitions = { im: 1, governance: 1, audit: 1 } as const;

const open = () => {
  const clock = new MemoryClock();
  const log = new MemoryEventLog({ partitions, clock });
  const index = new MemoryArchiveIndex({ partitions: partitions.im });
  const ledger = new MemoryLedger();
  const ports = { log, ledger, index, clock };
  const distant = new DistantArchiver(ports);
  const append = (id = 'm', encode = (one: string) => bytesOf(sent({ id: one, body: 'x' }))) =>
    log.append('im', [{ key: 'c1', value: encode(id) }]);
  const archive = () => {
    const archiver = new Archiver({ ...ports, prepare: prepareHere, governance: new GovernanceView(log) });
    archiver.start();
    return archiver;
  };
  return { clock, distant, append, archive, index };
};

test('an event that came a moment ago is no sign that archivers are gone, however long nobody looked', async () => {
  const { clock, distant, append } = open();
  assert.equal((await distant.status()).state, 'running');
  clock.advance(3_600_000);
  await append();
  assert.equal((await distant.status()).state, 'running');
  clock.advance(29_000);
  assert.equal((await distant.status()).state, 'running');
});

test('events that wait while nobody archives are shown, with how long they were seen to wait', async () => {
  const { clock, distant, append } = open();
  await append();
  assert.equal((await distant.status()).state, 'running');
  for (let second = 0; second < 32; second += 1) {
    clock.advance(1000);
    await distant.status();
  }
  const { state, failure } = await distant.status();
  assert.equal(state, 'failed');
  assert.match(failure ?? '', /^1 events wait and no archiver has accounted for one in 31 s/);
});

test('an index that was lost, made anew and put into by archivers that ran on is not taken for whole', async () => {
  const { clock, distant, append, archive, index } = open();
  await using archiver = archive();
  await append('a');
  await archiver.processAll();
  assert.equal((await distant.status()).state, 'running');
  await index.remove((await index.scan(0, 0, 10)).map(({ document }) => document.id));
  await append('b');
  await archiver.processAll();
  clock.advance(1000);
  const { state, failure } = await distant.status();
  assert.deepEqual([state, /`holdfast rebuild-index`/.test(failure ?? '')], ['starting', true]);
  for await (const _ of distant.rebuild());
  assert.equal((await distant.status()).state, 'running');
  assert.equal((await index.counts()).items, 2);
});

test('a slow index is looked at once for all who ask, and again only a second after it answered', async () => {
  const { clock, distant, index } = open();
  const slow = Promise.withResolvers<void>();
  let looks = 0;
  const watermark = index.searchableWatermark.bind(index);
  index.refresh = () => slow.promise;
  index.searchableWatermark = () => {
    looks += 1;
    return watermark();
  };
  const asked = Array.from({ length: 5 }, () => distant.status());
  clock.advance(10_000);
  slow.resolve();
  for (const { state } of await Promise.all(asked)) assert.equal(state, 'running');
  clock.advance(999);
  await distant.status();
  assert.equal(looks, 1);
  clock.advance(1);
  await distant.status();
  assert.equal(looks, 2);
});

test('an index whose searches see what was accounted for a look ago is not refreshed by the look', async () => {
  const { clock, distant, append, archive, index } = open();
  await using archiver = archive();
  let [refreshes, hidden] = [0, 0];
  const watermark = index.searchableWatermark.bind(index);
  index.searchableWatermark = async () => (await watermark()).map((end) => end - hidden);
  index.refresh = async () => {
    refreshes += 1;
    hidden = 0;
  };
  const refreshesOfLook = async (id: string, unseen: number) => {
    await append(id);
    await archiver.processAll();
    [refreshes, hidden] = [0, unseen];
    clock.advance(1000);
    assert.equal((await distant.status()).state, 'running');
    return refreshes;
  };
  assert.equal(await refreshesOfLook('a', 1), 1);
  assert.equal(await refreshesOfLook('b', 1), 0);
  assert.equal(await refreshesOfLook('c', 2), 1);
});

test('a partition of which nothing was archived lacks nothing', async () => {
  const { distant, append, archive } = open();
  await using archiver = archive();
  await append('not an event', (text) => Buffer.from(text));
  await archiver.processAll();
  assert.equal((await distant.status()).state, 'running');
});

test('a copy of the index made in the middle of a batch is not taken for whole', async () => {
  const { distant, append, archive, index } = open();
  await using archiver = archive();
  for (const id of ['a', 'b', 'c']) await append(id);
  await archiver.processAll();
  await index.remove(['b' as ItemId]);
  assert.equal((await distant.status()).state, 'starting');
});
