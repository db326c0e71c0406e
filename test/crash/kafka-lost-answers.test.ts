import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { openKafkaEventLog } from '../../services/adapters/kafka/event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { partitionOf } from '../../services/core/conversation/partition.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { needsEngines } from '../support/engines.ts';
import { type ProxiedBroker, startProxiedBroker } from '../support/kafka-broker.ts';
import { makeKafkaInstallation, testPartitions } from '../support/kafka-installation.ts';
import type { Fate, HarmedApi, KafkaProxy } from '../support/kafka-proxy.ts';
import { Tally, type TallyResult } from '../support/kafka-tally.ts';
import { readSome, start } from '../support/records.ts';
import { until } from '../support/until.ts';

interface Trial {
  readonly tally: Tally;
  readonly log: EventLog;
  readonly proxy: KafkaProxy;
}

/** Every second answer to these requests is harmed, until so many were. */
const everySecond = (fate: Fate, count: number, harmed: HarmedApi = 'Produce') => {
  let answers = 0;
  return (api: HarmedApi): Fate =>
    api === harmed && answers++ % 2 === 0 && answers <= count * 2 ? fate : 'forward';
};

const outOfOrderSequence = { code: 45 };
const notLeader = { code: 6 };

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

  test('topics that were made while the answer was lost are found, and the others made', async () => {
    let lost = 0;
    broker.proxy.decide((api) => (api === 'CreateTopics' && lost++ === 0 ? 'cut' : 'forward'));
    await using made = await makeKafkaInstallation({ brokers: [broker.proxy.address] });
    assert.equal(lost, 2);
    assert.equal(made.topics.length, 3);
  });

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
        // Right after a topic was made its leader may not know that it leads.
        await until(() => tally.append('w'));
        for (let n = 0; n < 10; n++) {
          proxy.decide((api) => (api === 'Produce' ? 'cut' : 'forward'));
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
      proxy.decide(everySecond(outOfOrderSequence, 10));
      for (let n = 0; n < 30; n++) await tally.append('w', 8, 8);
    });
    assert.equal(result.acknowledged, 240);
    assert.ok(result.twice > 0, 'the refused batches were stored before the refusal');
  });

  test('another broker is said to lead: it is asked for, and each record is stored once', async (context) => {
    const result = await tried(context, async ({ tally, proxy }) => {
      proxy.decide(everySecond(notLeader, 10));
      for (let n = 0; n < 20; n++) await tally.append('w', 8, 8);
    });
    assert.deepEqual([result.acknowledged, result.twice], [160, 0]);
  });

  for (const [what, fate] of [
    ['lost', 'cut'],
    ['those of a broker that leads no more', notLeader],
  ] as const) {
    test(`answers to reads are ${what}: each record is read once, in order`, async (context) => {
      const harmedBefore = broker.proxy.harmed;
      const result = await tried(context, async ({ tally, log, proxy }) => {
        const following = readSome(log, start('im', partitionOf('w0', 4)), 40);
        proxy.decide(everySecond(fate, 15, 'Fetch'));
        for (let n = 0; n < 40; n++) await tally.append('w');
        const followed = await following;
        assert.deepEqual(
          followed.map(({ position }) => position.offset),
          Array.from({ length: 40 }, (_, offset) => offset),
        );
      });
      assert.ok(broker.proxy.harmed > harmedBefore);
      assert.deepEqual([result.acknowledged, result.twice], [40, 0]);
    });
  }
});
