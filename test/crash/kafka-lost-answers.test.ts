import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { openKafkaEventLog } from '../../services/adapters/kafka/event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { needsEngines } from '../support/engines.ts';
import { type ProxiedBroker, startProxiedBroker } from '../support/kafka-broker.ts';
import { makeKafkaInstallation, testPartitions } from '../support/kafka-installation.ts';
import type { KafkaProxy, ProduceFate } from '../support/kafka-proxy.ts';
import { Tally, type TallyResult } from '../support/kafka-tally.ts';

interface Trial {
  readonly tally: Tally;
  readonly log: EventLog;
  readonly proxy: KafkaProxy;
}

/** Every second answer is harmed, until so many were. */
const everySecond = (fate: ProduceFate, count: number): (() => ProduceFate) => {
  let answers = 0;
  return () => (answers++ % 2 === 0 && answers <= count * 2 ? fate : 'forward');
};

describe('Kafka stores a batch and the answer is lost', { skip: needsEngines }, () => {
  let broker: ProxiedBroker;
  before(async () => {
    broker = await startProxiedBroker();
  });
  after(() => broker[Symbol.asyncDispose]());

  const tried = async (
    context: TestContext,
    act: (trial: Trial) => Promise<void>,
    appendDeadlineMs = 30_000,
  ): Promise<TallyResult> => {
    await using made = await makeKafkaInstallation({ brokers: [broker.proxy.address] });
    const options = { ...made, partitions: testPartitions, clock: systemClock, appendDeadlineMs };
    await using log = openKafkaEventLog(options);
    const tally = new Tally(log);
    try {
      await act({ tally, log, proxy: broker.proxy });
    } finally {
      broker.proxy.decide(() => 'forward');
    }
    const result = await tally.compare(context);
    const { lost, misplaced, disordered } = result;
    assert.deepEqual({ lost, misplaced, disordered }, { lost: 0, misplaced: 0, disordered: 0 });
    return result;
  };

  test('one append at a time: each is stored once', async (context) => {
    const harmedBefore = broker.proxy.harmed;
    const result = await tried(context, async ({ tally, proxy }) => {
      proxy.decide(everySecond('cut', 20));
      for (let n = 0; n < 50; n++) await tally.append('w');
    });
    assert.equal(broker.proxy.harmed - harmedBefore, 20);
    assert.deepEqual([result.acknowledged, result.twice], [50, 0]);
  });

  test('batches over four partitions: each record is stored once', async (context) => {
    const result = await tried(context, async ({ tally, proxy }) => {
      proxy.decide(everySecond('cut', 20));
      for (let n = 0; n < 50; n++) await tally.append('w', 20, 20);
    });
    assert.deepEqual([result.acknowledged, result.twice], [1000, 0]);
  });

  for (const writers of [2, 8, 64]) {
    test(`${writers} writers at once: nothing takes another's place`, async (context) => {
      const result = await tried(context, async ({ tally, proxy }) => {
        proxy.decide(everySecond('cut', 10));
        const write = async (writer: number) => {
          for (let n = 0; n < 20; n++) await tally.append(`w${writer}`);
        };
        await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
      });
      assert.deepEqual([result.acknowledged, result.twice], [writers * 20, 0]);
    });
  }

  test('an append given up, and others after it: none is swallowed as its repetition', async (context) => {
    const rejected: boolean[] = [];
    await tried(
      context,
      async ({ tally, proxy }) => {
        for (let n = 0; n < 10; n++) {
          proxy.decide(() => 'cut');
          rejected.push(!(await tally.append('w')));
          proxy.decide(() => 'forward');
          assert.ok(await tally.append('w'));
        }
      },
      250,
    );
    assert.deepEqual(rejected, new Array(10).fill(true));
  });

  test('a refusal of what was stored: a new producer sends it again', async (context) => {
    const result = await tried(context, async ({ tally, proxy }) => {
      proxy.decide(everySecond('refuse', 10));
      for (let n = 0; n < 30; n++) await tally.append('w', 8, 8);
    });
    assert.equal(result.acknowledged, 240);
    assert.ok(result.twice > 0, 'the refused batches were stored before the refusal');
  });
});
