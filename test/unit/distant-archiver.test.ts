import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { DistantArchiver } from '../../services/archiver/distant-archiver.ts';
import { bytesOf, sent } from '../support/event-builder.ts';

const partitions = { im: 1, governance: 1, audit: 1 } as const;

const open = () => {
  const clock = new MemoryClock();
  const log = new MemoryEventLog({ partitions, clock });
  const index = new MemoryArchiveIndex({ partitions: partitions.im });
  const distant = new DistantArchiver({ log, ledger: new MemoryLedger(), index, clock });
  const append = () => log.append('im', [{ key: 'c1', value: bytesOf(sent({ id: 'm', body: 'x' })) }]);
  return { clock, distant, append };
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
