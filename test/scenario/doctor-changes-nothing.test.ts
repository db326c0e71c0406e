import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { connectKafka } from '../../services/adapters/kafka/connect-kafka.ts';
import { describeTopics } from '../../services/adapters/kafka/topic-administration.ts';
import { openTopicStream } from '../../services/adapters/kafka/topic-stream.ts';
import { kafkaOptionsOf, wantedTopics } from '../../services/enterprise/open-engines.ts';
import { findingsOf } from '../support/doctor.ts';
import { ask } from '../support/elasticsearch-index.ts';
import { engines, needsEngines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { messageSent } from '../support/im-events.ts';
import { startRoles } from '../support/role-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

/** Of this file alone: other tests examine installations at the same time. */
const temporary = await temporaryFolder();
process.env.TMPDIR = temporary.path;
after(() => temporary[Symbol.asyncDispose]());

/** Size and time of change of every file; not opened, for a database of another process would lose its locks. */
const filesIn = async (folder: string): Promise<Record<string, string>> => {
  const names = await readdir(folder, { recursive: true });
  const facts = await Promise.all(
    names.sort().map(async (name) => {
      const { size, mtimeMs, mode, ino } = await stat(join(folder, name));
      return [name, `${size} ${mtimeMs} ${mode} ${ino}`] as const;
    }),
  );
  return Object.fromEntries(facts);
};

const topicsOf = async ({ settings }: EnterpriseInstallation): Promise<object> => {
  await using connection = await connectKafka(kafkaOptionsOf(settings));
  const facts: Record<string, object> = {};
  for (const { topic, partitions } of wantedTopics(settings)) {
    const isThere = await connection.placementOf(topic).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    await using stream = openTopicStream(connection, topic);
    const ends = await Promise.all(
      Array.from({ length: partitions }, (_, partition) => stream.end(partition)),
    );
    const described = await describeTopics(connection, [topic]);
    facts[topic] = { ends, settings: Object.fromEntries(described.get(topic) ?? []) };
  }
  return facts;
};

const indexesOf = async ({ settings }: EnterpriseInstallation): Promise<unknown> => {
  const name = `holdfast-${settings.config.installation}-*`;
  const get = (path: string) => ask(engines()!.elasticsearch, ['GET', path]);
  return [
    await get(`/${name}?flat_settings=true`),
    await get(
      `/${name}/_stats/docs,indexing?filter_path=indices.*.primaries.docs,indices.*.primaries.indexing.index_total`,
    ),
  ];
};

const stateOf = async (installation: EnterpriseInstallation): Promise<object> => ({
  files: await filesIn(dirname(installation.path)),
  topics: await topicsOf(installation),
  indexes: await indexesOf(installation),
  temporary: (await readdir(tmpdir())).filter((name) => name.startsWith('holdfast-doctor-')),
});

/** What is accounted for can be seen a moment before the view's file has the bookmark behind it. */
const restingStateOf = async (installation: EnterpriseInstallation): Promise<object> => {
  let last = await stateOf(installation);
  await until(async () => {
    const before = last;
    last = await stateOf(installation);
    return isDeepStrictEqual(last, before);
  });
  return last;
};

const examinedTwice = async (installation: EnterpriseInstallation) => {
  const before = await restingStateOf(installation);
  const findings = await findingsOf(installation.path);
  await findingsOf(installation.path);
  assert.deepEqual(await stateOf(installation), before);
  return findings;
};

describe('holdfast doctor changes nothing', { skip: needsEngines }, () => {
  test('on an installation that was never started', async () => {
    await using fresh = await makeEnterprise();
    const findings = await examinedTwice(fresh);
    assert.deepEqual(Object.keys(await topicsOf(fresh)), []);
    assert.deepEqual(
      findings.filter(({ state }) => state === 'fault'),
      [],
    );
    for (const text of [
      /no topic of this installation yet/,
      /the first start makes the index/,
      /state is not there yet/,
    ])
      assert.ok(
        findings.some(({ found }) => text.test(found)),
        String(text),
      );
  });

  test('on one that runs, and on the same when it does not', async () => {
    await using installation = await makeEnterprise({ partitions: 2 });
    {
      await using running = await startRoles(installation, 'archiver', 'search-api');
      const lines = Array.from({ length: 20 }, (_, n) =>
        Buffer.from(JSON.stringify(messageSent({ id: `e${n}`, body: 'here', conversation: `room-${n}` }))),
      );
      const { results } = await running.archive.append([...lines, Buffer.from('garbage')]);
      await running.archive.outcomes(
        results.flatMap((result) => ('position' in result ? [result.position] : [])),
      );
      const findings = await examinedTwice(installation);
      assert.deepEqual(
        findings.filter(({ state }) => state === 'fault'),
        [],
      );
      for (const text of [
        /all 21 events are accounted for; 20 items/,
        /one event could not be read/,
        /no tree head was signed yet/,
        /one process keeps state/,
      ])
        assert.ok(
          findings.some(({ found }) => text.test(found)),
          String(text),
        );
    }
    await examinedTwice(installation);
  });
});
