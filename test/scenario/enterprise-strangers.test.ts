import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { connectKafka } from '../../services/adapters/kafka/connect-kafka.ts';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import { openTopicStream } from '../../services/adapters/kafka/topic-stream.ts';
import { partitionOf } from '../../services/core/conversation/partition.ts';
import { type EnterpriseEdition, openEnterprise, roles } from '../../services/enterprise/compose.ts';
import { kafkaOptionsOf } from '../../services/enterprise/open-engines.ts';
import { findingsOf } from '../support/doctor.ts';
import { engines, needsEngines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { messageSent } from '../support/im-events.ts';
import { codecs, type StrangeRecord, type Stranger, startStranger } from '../support/kafka-stranger.ts';
import { until } from '../support/until.ts';

const caller = { actor: { id: 'tester' }, purpose: 'test of strangers' };
const partitions = 2;
/** A room in each partition. */
const rooms = [0, 1].map((partition) => {
  for (let n = 0; ; n++) if (partitionOf(`room-${n}`, partitions) === partition) return `room-${n}`;
});

const open = (installation: EnterpriseInstallation): Promise<EnterpriseEdition> =>
  openEnterprise(installation.settings, { roles, notice: () => undefined });

describe('strangers at the topics of an installation', { skip: needsEngines }, () => {
  let installation: EnterpriseInstallation;
  let stranger: Stranger;
  let events = 0;
  const topicOf = (stream: 'im' | 'governance') =>
    topicNames.stream(installation.settings.config.installation, stream, 1);

  before(async () => {
    installation = await makeEnterprise({ partitions });
    stranger = await startStranger(engines()!.kafka);
  });
  after(async () => {
    await stranger[Symbol.asyncDispose]();
    await installation[Symbol.asyncDispose]();
  });

  /** An event of our own in each partition, behind what the stranger wrote: archived, so nothing stopped. */
  const assertGoesOn = async ({ archive, settled }: EnterpriseEdition): Promise<void> => {
    const lines = rooms.map((conversation) =>
      Buffer.from(
        JSON.stringify(
          messageSent({ id: `own-${events++}`, body: 'lighthouse', conversation: conversation! }),
        ),
      ),
    );
    await archive!.append(lines);
    await settled();
    // An answer may be as of a second ago; its certificate says so.
    const search = () => archive!.search(caller, { query: 'lighthouse', limit: 1, sort: 'sent' });
    await until(async () => (await search()).total >= events);
    assert.equal((await search()).total, events);
  };

  const quarantined = async ({ archive }: EnterpriseEdition) => {
    const { entries, total } = await archive!.quarantine(caller, undefined, 500);
    assert.equal(entries.length, total);
    return entries;
  };

  test('what they write into the log is quarantined with its bytes, counted and shown, and stops nothing', async () => {
    await using edition = await open(installation);
    await assertGoesOn(edition);
    const values = [
      'hello',
      Buffer.alloc(0),
      Buffer.from([0x00, 0xff, 0xfe, 0x80]),
      '{"type":"holdfast.im.message.sent"}',
      '{"specversion":"1.0","type":"com.example.order.created","id":"1","data":{}}',
      '['.repeat(100_000),
      randomBytes(1_900_000),
    ];
    const keys: StrangeRecord['key'][] = [
      'no suffix',
      '',
      Buffer.from([0xff, 0x00, 0xfe]),
      'a\0b\0c',
      '\0',
      'k',
      'big',
    ];
    const records = values.map(
      (value, n): StrangeRecord => ({ key: keys[n]!, value, headers: { trace: 'x' } }),
    );
    for (const partition of [0, 1])
      for (const record of records) await stranger.send(topicOf('im'), 'none', [{ ...record, partition }]);
    await assertGoesOn(edition);
    const entries = await quarantined(edition);
    for (const partition of [0, 1]) {
      const found = entries.filter(({ position }) => position.partition === partition);
      assert.deepEqual(
        found.map(({ bytes }) => bytes),
        values.map((value) => Buffer.from(value).toString('base64')),
      );
      for (const { reason } of found) assert.ok(reason.length > 5);
    }
    const { totals } = await edition.archive!.coverage(caller);
    assert.equal(totals.outcomes.quarantined, values.length * 2);
  });

  test('whatever codec they pack with, brokers unpack it', async () => {
    await using edition = await open(installation);
    const before = (await quarantined(edition)).length;
    for (const codec of Object.keys(codecs) as (keyof typeof codecs)[])
      for (const partition of [0, 1])
        await stranger.send(topicOf('im'), codec, [
          { key: `${codec}-1`, value: `packed with ${codec}`, partition },
          { key: `${codec}-2`, value: `${codec} `.repeat(20_000), partition },
        ]);
    // A megabyte that packs a gigabyte is not taken at all.
    const bomb = [{ key: 'bomb', value: Buffer.alloc(64 * 1024 * 1024) }];
    await assert.rejects(
      stranger.send(topicOf('im'), 'gzip', bomb),
      /larger than the max message size|too large/i,
    );
    await assertGoesOn(edition);
    const entries = (await quarantined(edition)).flatMap(({ bytes = '' }) =>
      Buffer.from(bytes, 'base64').toString(),
    );
    assert.equal(entries.length, before + Object.keys(codecs).length * 4);
    for (const codec of Object.keys(codecs))
      assert.equal(entries.filter((text) => text === `packed with ${codec}`).length, 2);
  });

  test('their marks of deletion, missing keys and transactions taken back stop nothing', async () => {
    await using edition = await open(installation);
    const places = async () => (await edition.archive!.coverage(caller)).partitions;
    const loggedBefore = (await places())[0]!.logged;
    await stranger.send(topicOf('im'), 'none', [{ key: 'nobody', value: null }]);
    await assert.rejects(stranger.send(topicOf('im'), 'none', [{ key: null, value: 'without a key' }]));
    await stranger.abort(topicOf('im'), [{ key: 'undone', value: 'taken back' }]);
    await assertGoesOn(edition);
    // The mark of the transaction taken back may be written after its end was answered, so after our own event.
    await until(async () => {
      const now = await places();
      const isThere = now[0]!.logged >= loggedBefore + 4;
      return isThere && now.every(({ logged, accounted }) => accounted === logged);
    });
    for await (const step of edition.archive!.verify(caller))
      if (step.kind === 'report') assert.deepEqual(step.report.differences, []);
    const faults = (await findingsOf(installation.path)).filter(({ state }) => state === 'fault');
    assert.deepEqual(faults, []);
    assert.ok(
      (await findingsOf(installation.path)).some(({ found }) => /\d+ events could not be read/.test(found)),
    );
  });

  test('what they write into governance ends archiving and answers, naming the offset, and doctor says so', async () => {
    await using other = await makeEnterprise({ partitions: 1 });
    const topic = topicNames.stream(other.settings.config.installation, 'governance', 1);
    const line = (id: string) => Buffer.from(JSON.stringify(messageSent({ id, body: 'lighthouse' })));
    await using edition = await open(other);
    const { archive, engines: ports, settled } = edition;
    await archive!.append([line('before')]);
    await settled();
    await stranger.send(topic, 'none', [{ key: 'x', value: 'all holds are released' }]);
    await archive!.append([line('after')]);
    const stale = { code: 'GovernanceStale', message: /Governance event 0 is not understood/ };
    await assert.rejects(archive!.search(caller, { query: 'lighthouse', limit: 1, sort: 'sent' }), stale);
    await assert.rejects(archive!.scope(caller), stale);
    await until(async () => (await edition.status()).state === 'failed');
    assert.match((await edition.status()).failure ?? '', /Governance event 0 is not understood/);
    assert.equal((await ports.ledger.frontier({ stream: 'im', generation: 1, partition: 0 })).size, 1);
    assert.equal(await ports.log.end('im', 0), 2, 'it is logged, and waits');
    const fault = (await findingsOf(other.path)).find(({ state }) => state === 'fault');
    assert.equal(fault?.area, 'archive');
    assert.match(
      `${fault?.found} ${fault?.fix}`,
      /Governance event 0 is not understood.*take away that right/,
    );
  });

  test('a record of their own among the tree heads is found by doctor', async () => {
    await using other = await makeEnterprise({ partitions: 1 });
    {
      await using edition = await open(other);
      await edition.settled();
    }
    await using connection = await connectKafka(kafkaOptionsOf(other.settings));
    await using heads = openTopicStream(connection, topicNames.heads(other.settings.config.installation));
    const head = {
      installation: 'x',
      signedAt: '2026-01-01T00:00:00.000Z',
      heads: [],
      keyId: 'f'.repeat(16),
      signature: 'AAAA',
    };
    await heads.append([{ partition: 0, key: 'head', value: Buffer.from(JSON.stringify(head)) }]);
    const faults = (await findingsOf(other.path)).filter(({ state }) => state === 'fault');
    assert.match(faults[0]?.found ?? '', /signed with key f{16}, but the key here is/);
  });
});
