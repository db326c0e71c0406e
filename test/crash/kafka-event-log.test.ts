import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../infra/engines/run-engine.ts';
import { startKafka } from '../../infra/engines/start-kafka.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { partitionOf } from '../../services/core/conversation/partition.ts';
import type { EventLog, LoggedRecord } from '../../services/ports/event-log.ts';
import { needsEngines } from '../support/engines.ts';
import { findBytes } from '../support/find-bytes.ts';
import { makeKafkaInstallation, profileWith, testPartitions } from '../support/kafka-installation.ts';
import { Tally } from '../support/kafka-tally.ts';
import { readAll, record, start, textOf } from '../support/records.ts';
import { until } from '../support/until.ts';

/** The broker makes and renames files all the time: a search that met one that went is begun again. */
const findInLiveFiles = async (folder: string, texts: readonly string[]): Promise<readonly string[]> => {
  for (;;) {
    try {
      return await findBytes(folder, texts);
    } catch (error) {
      if (!String(error).includes('ENOENT')) throw error;
    }
  }
};

describe('event log on a Kafka broker of its own', { skip: needsEngines }, () => {
  let broker: Engine;
  /** As `until`, leaving the processor to the broker. */
  const reached = (isReached: () => boolean) =>
    until(async () => {
      await sleep(5);
      return isReached();
    });

  before(async () => {
    // Else a broker looks at what may go only half a minute after its start.
    broker = await startKafka({ lifetime: 'brief', settings: { 'log.initial.task.delay.ms': 500 } });
  });
  after(() => broker[Symbol.asyncDispose]());

  const withLog = async (act: (log: EventLog) => Promise<void>): Promise<void> => {
    await using made = await makeKafkaInstallation({ brokers: [broker.address] });
    const options = { ...made, partitions: testPartitions, clock: systemClock };
    await using log = openKafkaEventLog({ ...options, appendDeadlineMs: 60_000, eraseAllowanceMs: 60_000 });
    await act(log);
  };

  /** Sixteen writers and a follower go on while the broker is harmed; nothing acknowledged may be missing. */
  const underLoad = (context: TestContext, harm: (tally: Tally) => Promise<void>): Promise<void> =>
    withLog(async (log) => {
      const tally = new Tally(log);
      const stop = new AbortController();
      const followed: LoggedRecord[] = [];
      const following = assert.rejects(async () => {
        const options = { follow: true, signal: stop.signal };
        for await (const batch of log.read(start('im', 0), options)) followed.push(...batch);
      }, /enough/);
      let isDone = false;
      const write = async (writer: number) => {
        while (!isDone) await tally.append(`w${writer}-`, 5, 5);
      };
      const writing = Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
      await reached(() => tally.acknowledged > 500);
      await harm(tally);
      isDone = true;
      await writing;
      const { lost, misplaced, twice, disordered } = await tally.compare(context);
      assert.deepEqual(
        { lost, misplaced, twice, disordered },
        { lost: 0, misplaced: 0, twice: 0, disordered: 0 },
      );
      const end = await log.end('im', 0);
      await reached(() => followed.length >= end);
      stop.abort(new Error('enough'));
      await following;
      assert.deepEqual(
        followed.map(({ position }) => position.offset),
        Array.from({ length: end }, (_, offset) => offset),
      );
    });

  const goesOn = async (tally: Tally): Promise<void> => {
    const before = tally.acknowledged;
    await reached(() => tally.acknowledged > before + 2000);
  };

  test('killed and restarted under load, twice: nothing acknowledged is missing or stored twice', (context) =>
    underLoad(context, async (tally) => {
      for (let kill = 0; kill < 2; kill++) {
        await broker.kill('SIGKILL');
        await broker.restart();
        await goesOn(tally);
      }
    }));

  test('stopped for ten seconds under load: appends wait, and go on', (context) =>
    underLoad(context, async (tally) => {
      broker.pause();
      await sleep(10_000);
      broker.resume();
      await goesOn(tally);
    }));

  test('what is erased on a partition where nothing else happens leaves no byte in any file', () =>
    withLog(async (log) => {
      const secrets = ['the-first-secret-word', 'the-second-secret-word'];
      const kept = 'what-is-kept-beside-it';
      const appended = await log.append(
        'im',
        [secrets[0]!, kept, secrets[1]!].map((text) => record('quiet', text)),
      );
      const data = join(broker.folder, 'data');
      assert.deepEqual(
        (await findInLiveFiles(data, [...secrets, kept])).toSorted(),
        [...secrets, kept].toSorted(),
      );
      const { deadline, erased } = await log.erase([appended[0]!.position, appended[2]!.position]);
      const place = { ...appended[0]!.position, offset: 0 };
      const atOnce = (await readAll(log, place)).slice(0, 3).map(textOf);
      assert.deepEqual(atOnce, [null, kept, null], 'this process forgets before the broker does');
      await erased;
      assert.ok(new Date() <= deadline);
      assert.deepEqual(await findInLiveFiles(data, [...secrets, kept]), [kept]);
    }));

  test('what somebody set to expire is gone, and each of its offsets still reads as one record', async () => {
    const expiring = profileWith({ 'retention.ms': 100 });
    const policy = { value: 'delete', accept: 'exactly', why: 'somebody wanted it' } as const;
    const data = { ...expiring.kinds.data, 'cleanup.policy': policy };
    const profile = { ...expiring, kinds: { ...expiring.kinds, data } };
    await using made = await makeKafkaInstallation({ brokers: [broker.address], profile });
    await using log = openKafkaEventLog({ ...made, partitions: testPartitions, clock: systemClock });
    const place = start('im', partitionOf('k', 4));
    for (let n = 0; n < 5; n++) await log.append('im', [record('k', `${n}`)]);
    let read: readonly LoggedRecord[] = [];
    await until(async () => {
      await sleep(50);
      await log.append('im', [record('k', 'later')]);
      read = await readAll(log, place);
      return read[4]?.value === null;
    });
    assert.deepEqual(
      read.map(({ position }) => position.offset),
      read.map((_, offset) => offset),
    );
    const got = await log.get([place, { ...place, offset: 4 }]);
    assert.deepEqual(
      got.map((logged) => [logged?.key, logged?.value]),
      [
        ['', null],
        ['', null],
      ],
    );
  });
});
