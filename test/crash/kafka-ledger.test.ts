import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { needsEngines } from '../support/engines.ts';
import { type ProxiedBroker, startProxiedBroker } from '../support/kafka-broker.ts';
import { grow, makeLedgerTopics, openKafkaLedger, sizeOf } from '../support/kafka-ledger.ts';
import { imPartition, leaf, proposalOf } from '../support/range-proposals.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

describe('a ledger whose broker fails', { skip: needsEngines }, () => {
  let broker: ProxiedBroker;
  before(async () => {
    broker = await startProxiedBroker();
  });
  after(() => broker[Symbol.asyncDispose]());

  const makeTopics = () => makeLedgerTopics(2, { brokers: [broker.proxy.address] });

  test('a proposal that was stored and never answered is rejected, and found won after a restart', async () => {
    await using made = await makeTopics();
    await using folder = await temporaryFolder();
    const view = join(folder.path, 'view.db');
    {
      await using ledger = await openKafkaLedger(made, { view });
      await grow(ledger, 2);
    }
    {
      await using ledger = await openKafkaLedger(made, { view, appendDeadlineMs: 500 });
      const proposal = proposalOf(imPartition(), await ledger.frontier(imPartition()), [leaf(2), leaf(3)]);
      broker.proxy.decide((api) => (api === 'Produce' || api === 'Fetch' ? 'cut' : 'forward'));
      try {
        await assert.rejects(ledger.propose(proposal), { code: 'LedgerUnavailable' });
      } finally {
        broker.proxy.decide(() => 'forward');
      }
    }
    await using again = await openKafkaLedger(made, { view });
    assert.equal(await sizeOf(again), 4);
    assert.equal((await Array.fromAsync(again.ranges(imPartition(), 0))).length, 2);
    await grow(again, 1);
  });

  test('a proposal whose answers are lost is stored once or twice, and wins once', async () => {
    await using made = await makeTopics();
    await using ledger = await openKafkaLedger(made);
    let answers = 0;
    broker.proxy.decide((api) => (api === 'Produce' && answers++ % 2 === 0 ? 'cut' : 'forward'));
    try {
      for (let n = 0; n < 5; n++) await grow(ledger, 3);
    } finally {
      broker.proxy.decide(() => 'forward');
    }
    assert.equal(await sizeOf(ledger), 15);
    assert.equal((await ledger.counts(imPartition())).archived, 15);
  });

  test('a proposal that was refused with an error and stored all the same is found won', async () => {
    await using made = await makeTopics();
    await using ledger = await openKafkaLedger(made);
    let answers = 0;
    broker.proxy.decide((api) => (api === 'Produce' && answers++ === 0 ? { code: 45 } : 'forward'));
    try {
      await grow(ledger, 3);
    } finally {
      broker.proxy.decide(() => 'forward');
    }
    await using again = await openKafkaLedger(made);
    for (const one of [ledger, again]) assert.equal(await sizeOf(one), 3);
    await grow(again, 2);
  });

  test('what waits for its answer while the broker is killed is decided after its restart, and nothing is lost', async () => {
    await using made = await makeTopics();
    await using ledger = await openKafkaLedger(made, { appendDeadlineMs: 120_000 });
    await using other = await openKafkaLedger(made);
    await grow(ledger, 2);
    await broker.engine.kill();
    const proposed = grow(ledger, 2);
    const restarted = broker.engine.restart();
    await Promise.all([proposed, restarted]);
    await grow(ledger, 1);
    await until(async () => (await sizeOf(other)) === 5);
    assert.deepEqual(await other.frontier(imPartition()), await ledger.frontier(imPartition()));
  });

  test('closing a ledger whose broker is away does not wait for it', async () => {
    await using made = await makeTopics();
    const ledger = await openKafkaLedger(made);
    await grow(ledger, 1);
    await broker.engine.kill();
    try {
      await ledger[Symbol.asyncDispose]();
    } finally {
      await broker.engine.restart();
    }
  });
});
