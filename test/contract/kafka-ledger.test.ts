import assert from 'node:assert/strict';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { development } from '../../infra/kafka/topic-settings.ts';
import type { RangeProposal, SignedHead } from '../../schemas/archive/ledger.ts';
import { ensureTopics, findMissing } from '../../services/adapters/kafka/ensure-topics.ts';
import { deleteTopics } from '../../services/adapters/kafka/topic-administration.ts';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import type { StreamRecord } from '../../services/adapters/kafka/topic-producer.ts';
import { openTopicStream, type TopicStream } from '../../services/adapters/kafka/topic-stream.ts';
import { emptyRoot } from '../../services/core/ledger/merkle.ts';
import { needsEngines } from '../support/engines.ts';
import type { KafkaInstallation } from '../support/kafka-installation.ts';
import {
  grow,
  ledgerTopic,
  ledgerTopics,
  makeLedgerTopics,
  openKafkaLedger,
  sizeOf,
} from '../support/kafka-ledger.ts';
import { imPartition, leaf, proposalOf, sha256 } from '../support/range-proposals.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

/** Puts values straight into a topic, as anybody may who can reach the broker. */
const write = async (
  { connection }: KafkaInstallation,
  topic: string,
  values: readonly (Uint8Array | string | null)[],
): Promise<void> => {
  await using stream = openTopicStream(connection, topic);
  const records = values.map((value): StreamRecord => {
    return { partition: 0, key: 'range', value: typeof value === 'string' ? Buffer.from(value) : value };
  });
  await stream.append(records);
};

/** From which offsets of partition 0 a stream was read. */
const watched =
  (offsets: number[]) =>
  (stream: TopicStream): TopicStream => ({
    append: (records) => stream.append(records),
    read: (from, options) => {
      if (from.partition === 0) offsets.push(from.offset);
      return stream.read(from, options);
    },
    readChunks: (from, options) => stream.readChunks(from, options),
    fetch: (from, maxBytes) => stream.fetch(from, maxBytes),
    end: (partition) => stream.end(partition),
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
  });

const headOf = (n: number, installation = 'test'): SignedHead => ({
  installation,
  signedAt: `2026-01-01T00:00:0${n}.000Z`,
  heads: [{ stream: 'im', generation: 1, partition: 0, size: n, root: sha256(`${n}`) }],
  keyId: '0123456789abcdef',
  signature: 'AAAA',
});

describe('ledgers of several processes on Kafka', { skip: needsEngines }, () => {
  test('two see each other, and of two proposals for a range one wins in both', async () => {
    await using made = await makeLedgerTopics();
    await using one = await openKafkaLedger(made);
    await using other = await openKafkaLedger(made);
    for (let round = 0; round < 20; round++) {
      const frontier = await one.frontier(imPartition());
      const proposalBy = (by: string) =>
        proposalOf(imPartition(), frontier, [
          leaf(frontier.size, 'archived', { eventId: `${by}-${round}` }),
          leaf(frontier.size + 1, 'archived', { eventId: `${by}-${round}-2` }),
        ]);
      const [first, second] = await Promise.all([
        one.propose(proposalBy('one')),
        other.propose(proposalBy('other')),
      ]);
      assert.notEqual(first.won, second.won);
      assert.deepEqual(first.frontier, second.frontier);
      const ids = [`one-${round}`, `other-${round}`];
      for (const ledger of [one, other])
        assert.deepEqual([...(await ledger.find(ids)).keys()], [first.won ? ids[0] : ids[1]]);
    }
    assert.equal(await sizeOf(other), 40);
  });

  test('of two who propose the very same bytes one wins, and both learn it', async () => {
    await using made = await makeLedgerTopics();
    await using one = await openKafkaLedger(made);
    await using other = await openKafkaLedger(made);
    for (let round = 0; round < 10; round++) {
      const proposal = proposalOf(imPartition(), await one.frontier(imPartition()), [leaf(round)]);
      const results = await Promise.all([one.propose(proposal), other.propose(structuredClone(proposal))]);
      assert.deepEqual(results.map(({ won }) => won).sort(), [false, true]);
      assert.deepEqual(results[0].frontier, results[1].frontier);
    }
  });

  test('what one proposed in one partition is known to the other, whatever partition it looks at', async () => {
    await using made = await makeLedgerTopics();
    await using one = await openKafkaLedger(made);
    await using other = await openKafkaLedger(made);
    await grow(one, 5, 'a', 1);
    await until(async () => (await sizeOf(other, 1)) === 5);
    assert.equal((await other.find(['a-1-3'])).get('a-1-3')?.partition, 1);
    await one.appendHead(headOf(1));
    assert.deepEqual(await other.heads(5), [headOf(1)]);
    assert.deepEqual(await one.heads(1), [headOf(1)]);
  });
});

describe('strangers in the topics of a ledger', { skip: needsEngines }, () => {
  const garbage = (installed: RangeProposal): readonly (Uint8Array | string | null)[] => [
    null,
    '',
    '\0',
    'null',
    '[]',
    '{"stream":"im"}',
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    '['.repeat(200_000),
    JSON.stringify({ ...installed, partition: 1 }),
    JSON.stringify({ ...installed, stream: 'audit' }),
    JSON.stringify({ ...installed, generation: 2 }),
    JSON.stringify({ ...installed, from: 1.5 }),
    JSON.stringify({ ...installed, extra: true }),
    JSON.stringify({ ...installed, entries: [] }),
    JSON.stringify({ ...installed, root: sha256('forged') }),
    JSON.stringify({ ...installed, to: installed.to + 1 }),
    JSON.stringify({ ...installed, to: Number.MAX_SAFE_INTEGER }),
    JSON.stringify({ ...installed, entries: [...installed.entries].reverse() }),
    JSON.stringify({ ...installed, previousRoot: emptyRoot }),
    JSON.stringify({ ...installed, from: 0, to: installed.entries.length }),
  ];

  test('are void and change nothing: not for who follows, not for who comes later, and archiving goes on', async () => {
    await using made = await makeLedgerTopics();
    await using folder = await temporaryFolder();
    const views = { memory: undefined, file: join(folder.path, 'view.db') };
    await using following = await openKafkaLedger(made);
    await using inFile = await openKafkaLedger(made, { view: views.file });
    await grow(following, 3);
    const next = proposalOf(imPartition(), await following.frontier(imPartition()), [leaf(3), leaf(4)]);
    await write(made, ledgerTopic(made.installation), garbage(next));
    assert.ok((await following.propose(next)).won);
    await write(made, ledgerTopic(made.installation), garbage(next));
    await grow(following, 3);
    await using later = await openKafkaLedger(made);
    await until(async () => (await sizeOf(inFile)) === 8);
    const frontier = await following.frontier(imPartition());
    for (const ledger of [inFile, later]) {
      assert.deepEqual(await ledger.frontier(imPartition()), frontier);
      assert.equal((await ledger.counts(imPartition())).archived, 8);
      assert.equal(await sizeOf(ledger, 1), 0);
      assert.equal((await ledger.frontier({ stream: 'audit', generation: 1, partition: 0 })).size, 0);
      assert.equal((await Array.fromAsync(ledger.ranges(imPartition(), 0))).length, 3);
    }
  });

  test('a forged answer to a proposal under way, with our key, does not win it', async () => {
    await using made = await makeLedgerTopics();
    await using ledger = await openKafkaLedger(made);
    await using stream = openTopicStream(made.connection, ledgerTopic(made.installation));
    const forged = {
      ...proposalOf(imPartition(), await ledger.frontier(imPartition()), [leaf(0)]),
      root: sha256('x'),
    };
    await stream.append([{ partition: 0, key: 'range', value: Buffer.from(JSON.stringify(forged)) }]);
    await assert.rejects(ledger.propose(forged), { code: 'Internal' });
    assert.equal(await sizeOf(ledger), 0);
    await grow(ledger, 1);
  });

  test('heads are found behind any amount of garbage, newest first', async () => {
    await using made = await makeLedgerTopics();
    await using ledger = await openKafkaLedger(made);
    const topic = topicNames.heads(made.installation);
    const noise = [
      null,
      '',
      '{}',
      '[1]',
      Buffer.from([0xff]),
      JSON.stringify({ ...headOf(1), heads: 'none' }),
    ];
    assert.deepEqual(await ledger.heads(1), []);
    await write(made, topic, noise);
    assert.deepEqual(await ledger.heads(1), []);
    await ledger.appendHead(headOf(1));
    await write(made, topic, Array.from({ length: 100 }, () => noise).flat());
    assert.deepEqual(await ledger.heads(1), [headOf(1)]);
    await ledger.appendHead(headOf(2));
    await write(made, topic, noise);
    assert.deepEqual(await ledger.heads(1), [headOf(2)]);
    assert.deepEqual(await ledger.heads(10), [headOf(2), headOf(1)]);
  });
});

describe('the view of a ledger on Kafka', { skip: needsEngines }, () => {
  test('goes on from its bookmark: what it has is not read again', async () => {
    await using made = await makeLedgerTopics();
    await using folder = await temporaryFolder();
    const view = join(folder.path, 'view.db');
    {
      await using ledger = await openKafkaLedger(made, { view });
      for (let n = 0; n < 5; n++) await grow(ledger, 10);
    }
    await using other = await openKafkaLedger(made);
    await grow(other, 7);
    const offsets: number[] = [];
    await using again = await openKafkaLedger(made, { view, wrap: watched(offsets) });
    assert.equal(await sizeOf(again), 57);
    // Those of governance and audit are empty.
    assert.deepEqual([...new Set(offsets)].sort(), [0, 5, 6]);
    assert.equal(
      offsets.filter((offset) => offset === 0).length,
      4,
      'the two empty streams, caught up and followed',
    );
  });

  test('is made anew when the topics are others, also where they hold as much', async () => {
    await using made = await makeLedgerTopics();
    await using folder = await temporaryFolder();
    const view = join(folder.path, 'view.db');
    for (const by of ['before', 'after']) {
      await using ledger = await openKafkaLedger(made, { view });
      assert.equal(await sizeOf(ledger), 0, by);
      await grow(ledger, 4, by);
      await grow(ledger, 4, by, 1);
      assert.equal((await ledger.find(['before-0-1', 'after-0-1'])).size, 1);
      if (by === 'after') break;
      await recreate(made);
    }
    await recreate(made);
    await using other = await openKafkaLedger(made);
    for (let n = 0; n < 3; n++) await grow(other, 2, 'third');
    await using again = await openKafkaLedger(made, { view });
    assert.equal(await sizeOf(again), 6);
    assert.equal(await sizeOf(again, 1), 0);
    assert.equal((await again.find(['after-0-1', 'third-0-1'])).size, 1);
  });

  test('that is damaged anywhere is made anew at the next start', async () => {
    await using made = await makeLedgerTopics();
    await using folder = await temporaryFolder();
    const view = join(folder.path, 'view.db');
    {
      await using ledger = await openKafkaLedger(made, { view });
      for (let n = 0; n < 6; n++) await grow(ledger, 500);
    }
    const { size } = await stat(view);
    for (const from of [0, 4096 * 2, 4096 * 8, 4096 * 20]) {
      await using file = await open(view, 'r+');
      await file.write(Buffer.alloc(size - from, 0x5a), 0, size - from, from);
      await file.sync();
      const readAll = async (): Promise<number> => {
        await using ledger = await openKafkaLedger(made, { view });
        const ranges = await Array.fromAsync(ledger.ranges(imPartition(), 0));
        await ledger.find(['event-0-1', 'event-0-2999']);
        return ranges.reduce((sum, { entries }) => sum + entries.length, 0);
      };
      // Where the start does not look, the first use finds it.
      const found = await readAll().catch(readAll);
      assert.equal(found, 3000, `damaged from byte ${from}`);
    }
  });
});

/** The same topics, empty. */
const recreate = async ({ connection, installation, topics }: KafkaInstallation): Promise<void> => {
  const wanted = ledgerTopics(installation, 2);
  await deleteTopics(connection, topics);
  // A broker names a topic for a moment after it was deleted.
  await until(async () => (await findMissing(connection, wanted)).length === wanted.length);
  await ensureTopics(connection, wanted, development);
  // And it names the new one a moment before it lets go of the old one's records.
  for (const topic of topics) {
    await using stream = openTopicStream(connection, topic);
    const { partitions } = await connection.placementOf(topic);
    for (const partition of partitions.keys()) await until(async () => (await stream.end(partition)) === 0);
  }
};

test('a range of 1,000 entries with the longest reasons is proposed, read back and followed', {
  skip: needsEngines,
}, async () => {
  await using made = await makeLedgerTopics();
  await using ledger = await openKafkaLedger(made);
  await using other = await openKafkaLedger(made);
  for (const [partition, sign] of ['r', '\u0001'].entries()) {
    const entries = Array.from({ length: 1000 }, (_, n) =>
      leaf(n, 'quarantined', {
        eventId: `${n}-`.padEnd(256, '\ud55c'),
        reason: sign.repeat(2048),
      }),
    );
    const proposal = proposalOf(
      imPartition(partition),
      await ledger.frontier(imPartition(partition)),
      entries,
    );
    assert.ok((await ledger.propose(proposal)).won);
    await until(async () => (await sizeOf(other, partition)) === 1000);
    assert.deepEqual(
      await other.frontier(imPartition(partition)),
      await ledger.frontier(imPartition(partition)),
    );
    assert.equal((await other.quarantined(imPartition(partition), 0, 1))[0]?.reason, sign.repeat(2048));
  }
});
