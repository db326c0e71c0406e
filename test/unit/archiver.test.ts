import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { assertLogHolds } from '../../services/archiver/assert-log-holds.ts';
import { prepareHere } from '../../services/archiver/prepare-record.ts';
import { HoldfastError, isHoldfastError } from '../../services/core/errors.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import type { PutOutcome } from '../../services/ports/archive-index.ts';
import { bytesOf, sent } from '../support/event-builder.ts';
import { until } from '../support/until.ts';

const partitions = { im: 1, governance: 1, audit: 1 } as const;
const im = { stream: 'im', generation: 1, partition: 0 } as const;

/** An index on a disk that is full for the first puts. */
class FullIndex extends MemoryArchiveIndex {
  failures = 0;
  readonly #faults: HoldfastError[];

  constructor(faults: HoldfastError[]) {
    super({ partitions: partitions.im });
    this.#faults = faults;
  }

  override async put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]> {
    const fault = this.#faults.shift();
    if (fault === undefined) return super.put(documents);
    this.failures += 1;
    throw fault;
  }
}

const openWith = (faults: HoldfastError[]) => {
  const clock = new MemoryClock();
  const log = new MemoryEventLog({ partitions, clock });
  const ledger = new MemoryLedger();
  const index = new FullIndex(faults);
  const archiver = new Archiver({
    log,
    ledger,
    index,
    clock,
    prepare: prepareHere,
    governance: new GovernanceView(log),
  });
  archiver.start();
  const append = () => log.append('im', [{ key: 'c1', value: bytesOf(sent({ id: 'm', body: 'x' })) }]);
  return { archiver, clock, log, ledger, index, append };
};

test('a fault that may pass rests the partition, is shown, and is tried again until it has passed', async () => {
  const { archiver, clock, index, append } = openWith([
    new HoldfastError('IndexUnavailable'),
    new HoldfastError('IndexUnavailable'),
  ]);
  await using _ = archiver;
  await archiver.caughtUp();
  await append();
  await assert.rejects(archiver.waitFor(im, 1), (error) => isHoldfastError(error, 'IndexUnavailable'));
  assert.equal((await archiver.status()).state, 'failed');
  await until(() => clock.sleeping > 0);
  clock.advance(500);
  await until(() => index.failures === 2 && clock.sleeping > 0);
  clock.advance(1000);
  await until(async () => (await archiver.status()).state === 'running');
  await archiver.waitFor(im, 1);
  assert.equal((await index.counts()).items, 1);
});

test('a fault that cannot pass is shown and not tried again', async () => {
  const { archiver, clock, index, append } = openWith([new HoldfastError('Internal')]);
  await using _ = archiver;
  await archiver.caughtUp();
  await append();
  await assert.rejects(archiver.waitFor(im, 1), (error) => isHoldfastError(error, 'Internal'));
  assert.equal((await archiver.status()).state, 'failed');
  assert.equal(clock.sleeping, 0);
  assert.equal(index.failures, 1);
});

test('a log that ends before what the ledger accounts for is refused', async () => {
  const { archiver, clock, ledger, append } = openWith([]);
  await append();
  await archiver.processAll();
  await archiver[Symbol.asyncDispose]();
  const other = new MemoryEventLog({ partitions, clock });
  await assert.rejects(assertLogHolds(other, ledger), (error) => {
    assert(isHoldfastError(error, 'DataFolderInvalid'));
    assert.match(error.message, /ends at im 0\/0, but the ledger accounts for 1/);
    return true;
  });
});
