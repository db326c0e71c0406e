import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '../../services/adapters/kafka/connect-kafka.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/event-log.ts';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import { openTopicStream } from '../../services/adapters/kafka/topic-stream.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { partitionOf } from '../../services/core/conversation/partition.ts';
import type { AppendedRecord, EventLog } from '../../services/ports/event-log.ts';
import { needsEngines } from '../support/engines.ts';
import {
  type InstallationOptions,
  makeKafkaInstallation,
  profileWith,
  testPartitions,
} from '../support/kafka-installation.ts';
import { readAll, readSome, record, start, textOf } from '../support/records.ts';
import { until } from '../support/until.ts';

interface Opened {
  readonly log: EventLog;
  readonly connection: KafkaConnection;
  readonly topic: (stream: 'im' | 'governance') => string;
}

const withLog = async (
  act: (opened: Opened) => Promise<void>,
  { eraseAllowanceMs = 60_000, ...options }: InstallationOptions & { eraseAllowanceMs?: number } = {},
): Promise<void> => {
  await using made = await makeKafkaInstallation(options);
  const { connection, installation } = made;
  await using log = openKafkaEventLog({
    connection,
    installation,
    partitions: testPartitions,
    clock: systemClock,
    eraseAllowanceMs,
  });
  await act({ log, connection, topic: (stream) => topicNames.stream(installation, stream, 1) });
};

/** Writes as some other program would: no suffix, no key, compressed as it likes. */
const writeAsStranger = async (
  connection: KafkaConnection,
  place: { readonly topic: string; readonly partition: number },
  messages: readonly { readonly key: Buffer | null; readonly value: Buffer | null }[],
  compression = 0,
): Promise<void> => {
  const { topic, partition } = place;
  const topicData = [{ topic, partitions: [{ partition, firstSequence: -1, messages }] }];
  const request = { acks: -1, timeout: 5000, producerId: -1, producerEpoch: -1, compression, topicData };
  // Right after a topic was made its leader may not know that it leads.
  await until(async () => {
    const link = await connection.sharedLink(await connection.leaderOf(place));
    return JSON.stringify(await link.ask('Produce', request)).includes('"errorCode":0');
  });
};

const quiet = 'quiet';
const quietPlace = start('im', partitionOf(quiet, 4));

describe('event log on Kafka', { skip: needsEngines }, () => {
  test('64 writers of batches over four partitions: each record lies where its append said', () =>
    withLog(async ({ log }) => {
      const write = async (writer: number) => {
        const own = [];
        for (let n = 0; n < 10; n++) {
          const texts = Array.from({ length: 8 }, (_, key) => `${writer}:${n}:${key}`);
          const appended = await log.append(
            'im',
            texts.map((text, key) => record(`w${writer}-${key}`, text)),
          );
          own.push(...appended.map((receipt, index) => ({ ...receipt, text: texts[index]! })));
        }
        return own;
      };
      const all = (await Promise.all(Array.from({ length: 64 }, (_, writer) => write(writer)))).flat();
      const partitions = await Promise.all([0, 1, 2, 3].map((n) => readAll(log, start('im', n))));
      assert.equal(partitions.flat().length, 64 * 80);
      for (const { text, position, loggedAt } of all) {
        const read = partitions[position.partition]![position.offset];
        assert.deepEqual([textOf(read), read?.loggedAt], [text, loggedAt]);
      }
    }));

  test('what strangers wrote is read densely: no key, foreign bytes, no mark of ours, compressed', () =>
    withLog(async ({ log, connection, topic }) => {
      const place = { topic: topic('governance'), partition: 0 };
      await log.append('governance', [record('ours', 'first')]);
      await writeAsStranger(connection, place, [
        { key: null, value: Buffer.from('no key') },
        { key: Buffer.from([0xff, 0xfe, 0x00, 0x80]), value: Buffer.from([0xff, 0xc0]) },
        { key: Buffer.from('plain'), value: Buffer.from('') },
        { key: Buffer.from('plain'), value: null },
      ]);
      const packed = Array.from({ length: 50 }, (_, n) => ({ key: null, value: Buffer.from(`packed ${n}`) }));
      await writeAsStranger(connection, place, packed, 1);
      await log.append('governance', [record('ours', 'last')]);
      const read = await readAll(log, start());
      assert.deepEqual(
        read.map(({ position }) => position.offset),
        Array.from({ length: 56 }, (_, offset) => offset),
      );
      assert.deepEqual(
        read.slice(0, 6).map(({ key, control }) => [key, control]),
        [
          ['ours', undefined],
          ['', undefined],
          ['\ufffd\ufffd', undefined],
          ['plain', undefined],
          ['plain', true],
          ['', undefined],
        ],
      );
      assert.deepEqual([...(read[2]?.value ?? [])], [0xff, 0xc0]);
      assert.deepEqual([textOf(read[54]), textOf(read[55])], ['packed 49', 'last']);
    }));

  test('what strangers packed is read also where the broker does not unpack it', () =>
    withLog(
      async ({ log, connection, topic }) => {
        const place = { topic: topic('im'), partition: quietPlace.partition };
        await log.append('im', [record(quiet, 'first')]);
        const packed = Array.from({ length: 50 }, (_, n) => {
          return { key: Buffer.from(`${n}`), value: Buffer.from(`packed ${n}`.repeat(100)) };
        });
        await writeAsStranger(connection, place, packed, 1);
        await log.append('im', [record(quiet, 'last')]);
        for (const offset of [0, 1, 30, 50]) {
          const read = await readAll(log, { ...quietPlace, offset });
          assert.deepEqual(
            read.map(textOf),
            ['first', ...packed.map(({ value }) => value.toString()), 'last'].slice(offset),
          );
        }
      },
      { profile: profileWith({ 'compression.type': 'producer' }) },
    ));

  test('a record compaction took, because a stranger used its key again, reads as an empty one', () =>
    withLog(async ({ log, connection, topic }) => {
      const place = { topic: topic('im'), partition: quietPlace.partition };
      const key = Buffer.from('not ours');
      await writeAsStranger(connection, place, [{ key, value: Buffer.from('old') }]);
      await writeAsStranger(connection, place, [{ key, value: Buffer.from('new') }]);
      const [ours] = await log.append('im', [record(quiet, 'ours')]);
      await (await log.erase([ours!.position])).erased;
      await until(async () => (await readAll(log, quietPlace))[0]?.value === null);
      const read = await readAll(log, quietPlace);
      assert.deepEqual(read.slice(0, 3).map(textOf), [null, 'new', null]);
      assert.deepEqual([read[0]?.key, read[0]?.loggedAt], ['', read[1]?.loggedAt]);
      assert.deepEqual(await log.get([quietPlace]), [read[0]]);
    }));

  test('a batch that compaction emptied, kept for its producer, is passed over and nothing with it', () =>
    withLog(async ({ log, connection, topic }) => {
      const { partition } = quietPlace;
      await using other = openTopicStream(connection, topic('im'), { hasUniqueKeys: true });
      await other.append([{ partition, key: quiet, value: Buffer.from('the only one of its producer') }]);
      await log.append('im', [record(quiet, 'after it')]);
      await (await log.erase([quietPlace])).erased;
      const alone = await other.fetch({ partition, offset: 0 }, 1);
      assert.deepEqual([alone.records, alone.nextOffset], [[], 1], 'the batch is there, and empty');
      const read = await readAll(log, quietPlace);
      assert.deepEqual(read.slice(0, 2).map(textOf), [null, 'after it']);
      assert.equal(read.length, await log.end('im', partition));
      assert.deepEqual(await readSome(log, quietPlace, read.length), read);
      assert.deepEqual(await log.get([quietPlace]), [read[0]]);
    }));

  test('when the marks of an erasure have expired as well, every offset still reads as one record', () =>
    withLog(
      async ({ log, connection, topic }) => {
        await log.append('im', [record(quiet, 'a'), record(quiet, 'b'), record(quiet, 'c')]);
        const positions = [0, 1, 2].map((offset) => ({ ...quietPlace, offset }));
        await (await log.erase(positions)).erased;
        const marksEnd = await log.end('im', quietPlace.partition);
        await using raw = openTopicStream(connection, topic('im'));
        await until(async () => {
          await log.append('im', [record(quiet, 'later')]);
          await sleep(100);
          const { records } = await raw.fetch(quietPlace);
          return (records[0]?.offset ?? 0) >= marksEnd;
        });
        const read = await readAll(log, quietPlace);
        assert.deepEqual(
          read.map(({ position }) => position.offset),
          Array.from({ length: await log.end('im', quietPlace.partition) }, (_, offset) => offset),
        );
        assert.deepEqual(
          read.slice(0, marksEnd).map(({ key, value }) => [key, value]),
          new Array(marksEnd).fill(['', null]),
        );
        for (const [n, { loggedAt }] of read.entries())
          assert.ok(n === 0 || loggedAt >= read[n - 1]!.loggedAt);
        assert.deepEqual(await log.get(read.map(({ position }) => position)), read);
      },
      { profile: profileWith({ 'delete.retention.ms': 100 }) },
    ));

  const neverCompacted = profileWith({ 'cleanup.policy': 'delete', 'retention.ms': -1 });

  test('an erasure that the broker does not carry out is said to have failed at its deadline', () =>
    withLog(
      async ({ log }) => {
        const [{ position }] = (await log.append('im', [record(quiet, 'stays')])) as [AppendedRecord];
        const { erased } = await log.erase([position]);
        await assert.rejects(erased, { code: 'LogUnavailable', message: /1 erased records of .*im\.1/ });
      },
      { profile: neverCompacted, eraseAllowanceMs: 0 },
    ));

  test('closing the log ends the wait for an erasure, which goes on without it', () =>
    withLog(
      async ({ log }) => {
        const [{ position }] = (await log.append('im', [record(quiet, 'going')])) as [AppendedRecord];
        const { erased } = await log.erase([position]);
        const ended = assert.rejects(erased, { code: 'LogUnavailable', message: /closed/ });
        await log[Symbol.asyncDispose]();
        await ended;
      },
      { profile: neverCompacted },
    ));

  test('a follower that begins beyond the end waits for that offset', () =>
    withLog(async ({ log }) => {
      await log.append('governance', [record('k', '0')]);
      const following = readSome(log, { ...start(), offset: 3 }, 1);
      for (const text of ['1', '2', '3']) await log.append('governance', [record('k', text)]);
      const [first] = await following;
      assert.deepEqual([first?.position.offset, textOf(first)], [3, '3']);
    }));

  test('nothing of governance or audit can be erased', () =>
    withLog(async ({ log }) => {
      await log.append('governance', [record('k', 'kept')]);
      await assert.rejects(log.erase([start('governance')]), { code: 'BadRequest' });
      await assert.rejects(log.erase([start('audit')]), { code: 'BadRequest' });
      assert.deepEqual((await readAll(log, start())).map(textOf), ['kept']);
    }));

  test('a topic that is not there: appending and reading say so', async () => {
    await using made = await makeKafkaInstallation({ topicsOf: () => [], patienceMs: 3_000 });
    const options = { ...made, partitions: testPartitions, clock: systemClock, appendDeadlineMs: 500 };
    await using log = openKafkaEventLog(options);
    const notThere = { code: 'LogUnavailable', message: /governance\.1.*topic-partition/ };
    await assert.rejects(log.append('governance', [record('k', 'v')]), notThere);
    await assert.rejects(readAll(log, start()), notThere);
  });
});
