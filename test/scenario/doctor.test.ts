import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import { openEnterprise, roles } from '../../services/enterprise/compose.ts';
import { assertExplained, findingsOf, refusalOf, variantOf } from '../support/doctor.ts';
import { ask } from '../support/elasticsearch-index.ts';
import { engines, needsEngines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { messageSent } from '../support/im-events.ts';
import { startHttpStub, startSilentServer } from '../support/stub-server.ts';
import { until } from '../support/until.ts';

const caller = { actor: { id: 'tester' }, purpose: 'test of doctor' };

describe('engines that cannot be used: start refuses, doctor explains', {
  skip: needsEngines,
  concurrency: 4,
}, () => {
  let installation: EnterpriseInstallation;
  before(async () => {
    installation = await makeEnterprise();
  });
  after(async () => {
    const findings = await findingsOf(installation.path);
    await installation[Symbol.asyncDispose]();
    assert.ok(
      findings.some(({ found }) => /no topic of this installation yet/.test(found)),
      'nothing was made by any attempt that could not reach Kafka',
    );
  });

  const kafkaAt = (broker: string, more: object = {}) =>
    variantOf(installation.path, () => ({ kafka: { brokers: [broker], ...more } }));
  /** Of another installation, because the start makes its topics before it meets Elasticsearch. */
  const searchAt = async (node: string, use: (path: string) => Promise<unknown>): Promise<void> => {
    await using other = await makeEnterprise();
    await use(await variantOf(other.path, () => ({ elasticsearch: { nodes: [node] } })));
  };

  test('no Kafka at the address', async () => {
    await assertExplained(await kafkaAt('127.0.0.1:1'), /127\.0\.0\.1:1.*ECONNREFUSED/, 'Kafka');
  });

  test('a Kafka that takes connections and never answers', async () => {
    await using silent = await startSilentServer();
    await assertExplained(await kafkaAt(silent.address), /timed out/, 'Kafka');
  });

  test('TLS expected of a Kafka that has none', async () => {
    await assertExplained(await kafkaAt(engines()!.kafka, { tls: {} }), /Check .*TLS/, 'Kafka');
  });

  test('a password for a Kafka that asks for none', async () => {
    const sasl = { mechanism: 'plain', username: 'holdfast', passwordFile: 'token' };
    const path = await kafkaAt(engines()!.kafka, { sasl });
    await assertExplained(path, /Check the user name, the password and the SASL mechanism/, 'Kafka');
  });

  test('no Elasticsearch at the address', () =>
    searchAt('http://127.0.0.1:1', (path) => assertExplained(path, /ECONNREFUSED/, 'Elasticsearch')));

  test('an Elasticsearch that takes connections and never answers', async () => {
    await using silent = await startSilentServer();
    await searchAt(`http://${silent.address}`, (path) =>
      assertExplained(path, /did not answer within/, 'Elasticsearch'),
    );
  });

  test('https where Elasticsearch speaks http', () =>
    searchAt(engines()!.elasticsearch.replace('http:', 'https:'), (path) =>
      assertExplained(path, /was not reached.*https/, 'Elasticsearch'),
    ));

  const answering = (status: number, body: object) => (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { 'x-elastic-product': 'Elasticsearch', 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

  test('an Elasticsearch of an old version, which refuses what a newer client asks', async () => {
    const error = {
      type: 'media_type_header_exception',
      reason: 'Invalid media-type value on header [Accept]',
    };
    for (const status of [400, 406]) {
      await using old = await startHttpStub(answering(status, { error, status }));
      await searchAt(`http://${old.address}`, (path) =>
        assertExplained(path, /Elasticsearch version: expected 9 or later/, 'Elasticsearch'),
      );
    }
  });

  test('an Elasticsearch of an old version, which says so', async () => {
    await using old = await startHttpStub(
      answering(200, { nodes: { a: { name: 'old-1', version: '8.19.0', timestamp: Date.now() } } }),
    );
    await searchAt(`http://${old.address}`, (path) =>
      assertExplained(path, /version of node old-1: expected 9 or later, found 8\.19\.0/, 'Elasticsearch'),
    );
  });

  test('a server that is no Elasticsearch', async () => {
    await using other = await startHttpStub((_, response) => response.end('<html>It works!</html>'));
    await searchAt(`http://${other.address}`, (path) =>
      assertExplained(path, /Elasticsearch/, 'Elasticsearch'),
    );
  });
});

describe('an installation that was changed behind its back: start refuses, doctor explains', {
  skip: needsEngines,
}, () => {
  let installation: EnterpriseInstallation;
  const admin = () => new Kafka({ brokers: [engines()!.kafka], logLevel: logLevel.NOTHING }).admin();
  const es = (method: string, path: string, body?: object) =>
    ask(engines()!.elasticsearch, [method, path], body);
  const id = () => installation.settings.config.installation;
  const event = (n: number) => Buffer.from(JSON.stringify(messageSent({ id: `e${n}`, body: 'kept' })));

  before(async () => {
    installation = await makeEnterprise({ partitions: 2 });
    await using edition = await openEnterprise(installation.settings, { roles, notice: () => undefined });
    await edition.archive!.append([event(1), event(2)]);
    await edition.settled();
  });
  after(() => installation[Symbol.asyncDispose]());

  /** It starts as it was left, and has what it had. */
  const assertWhole = async (): Promise<void> => {
    await using edition = await openEnterprise(installation.settings, { roles, notice: () => undefined });
    await edition.settled();
    const { total } = await edition.archive!.search(caller, { query: 'kept', limit: 1, sort: 'sent' });
    assert.equal(total, 2);
    assert.deepEqual(
      (await findingsOf(installation.path)).filter(({ state }) => state === 'fault'),
      [],
    );
  };

  test('a topic with weaker settings', async () => {
    const topic = topicNames.stream(id(), 'governance', 1);
    const client = admin();
    await client.connect();
    const ownSettings = async () => {
      const resource = { type: 2, name: topic };
      const { resources } = await client.describeConfigs({ includeSynonyms: false, resources: [resource] });
      const own = resources[0]!.configEntries.filter(({ configSource }) => Number(configSource) === 1);
      return Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]));
    };
    const settings = await ownSettings();
    const set = async (changed: Record<string, string>): Promise<void> => {
      const wanted = { ...settings, ...changed };
      const configEntries = Object.entries(wanted).map(([name, value]) => ({ name, value }));
      await client.alterConfigs({
        validateOnly: false,
        resources: [{ type: 2, name: topic, configEntries }],
      });
      // The controller answers; a broker describes them as they were for a moment after.
      await until(async () => isDeepStrictEqual(await ownSettings(), wanted));
    };
    try {
      await set({ 'retention.ms': '1000000000' });
      await assertExplained(installation.path, /retention\.ms is 1000000000, expected -1/, 'Kafka');
      await set({ 'compression.type': 'producer' });
      await assertExplained(
        installation.path,
        /compression\.type is producer, expected uncompressed/,
        'Kafka',
      );
      await set({});
    } finally {
      await client.disconnect();
    }
    await assertWhole();
  });

  test('another number of partitions than the topics have', async () => {
    const path = await variantOf(installation.path, () => ({ partitions: 5 }));
    await assertExplained(path, /im\.1: partitions is 2, expected 5/, 'Kafka');
    await assertWhole();
  });

  test('aliases that lead elsewhere, or nowhere', async () => {
    const [first, other] = [`holdfast-${id()}-g1-000001`, `foreign-${id()}`];
    const [read, write] = [`holdfast-${id()}-read`, `holdfast-${id()}-write`];
    await es('PUT', `/${other}`, {});
    const move = (alias: string, from: string, to: string) =>
      es('POST', '/_aliases', {
        actions: [{ remove: { index: from, alias } }, { add: { index: to, alias } }],
      });
    try {
      await move(read, first, other);
      await assertExplained(
        installation.path,
        new RegExp(`alias ${read}: expected .*found ${other}`),
        'Elasticsearch',
      );
      await move(read, other, first);
      await es('POST', '/_aliases', { actions: [{ remove: { index: first, alias: write } }] });
      await assertExplained(
        installation.path,
        new RegExp(`alias ${write}: expected .*found none`),
        'Elasticsearch',
      );
      await es('POST', '/_aliases', { actions: [{ add: { index: first, alias: write } }] });
    } finally {
      await es('DELETE', `/${other}`);
    }
    await assertWhole();
  });

  test('an index of another mapping, or made with another analyzer, until it is rebuilt', async () => {
    const index = `holdfast-${id()}-g1-000001`;
    const described = (await es('GET', `/${index}/_mapping`)) as Record<
      string,
      { mappings: { _meta: object } }
    >;
    const meta = described[index]!.mappings._meta;
    await es('PUT', `/${index}/_mapping`, { _meta: { ...meta, analyzerVersion: 999 } });
    await assertExplained(
      installation.path,
      /analyzerVersion of index .*expected 1, found 999/,
      'Elasticsearch',
    );
    await es('PUT', `/${index}/_mapping`, { _meta: meta, properties: { stranger: { type: 'keyword' } } });
    await assertExplained(installation.path, /mapping of index .*stranger/, 'Elasticsearch');
    const options = { roles, notice: () => undefined, forRebuild: true };
    {
      await using edition = await openEnterprise(installation.settings, options);
      for await (const step of edition.archive!.rebuildIndex(caller)) assert.ok(step);
    }
    await assertWhole();
  });

  test('a Kafka that lost the topics: neither the index nor the ledger is begun anew over it', async () => {
    const client = admin();
    await client.connect();
    const topics = (await client.listTopics()).filter((name) => name.includes(id()));
    const lose = async (lost: string[]): Promise<void> => {
      await client.deleteTopics({ topics: lost });
      // A broker names a topic for a moment after it was deleted.
      await until(async () => (await client.listTopics()).every((name) => !lost.includes(name)));
    };
    try {
      await lose(topics.filter((name) => name.endsWith('.im.1') && !name.includes('ledger')));
      const partly = await findingsOf(installation.path);
      assert.ok(
        partly.some(({ state, found }) => state === 'fault' && /topics are missing: .*im\.1/.test(found)),
      );
      const lost = await refusalOf(installation.path);
      assert.equal(lost.code, 'DataFolderInvalid');
      assert.match(lost.message, /the ledger accounts for 2 events there/);
      const items = await es('GET', `/holdfast-${id()}-read/_count`);
      await lose(topics);
      const findings = await findingsOf(installation.path);
      assert.ok(
        findings.some(
          ({ state, found }) =>
            state === 'fault' && /an index of this installation, but no topic/.test(found),
        ),
      );
      const refusal = await refusalOf(installation.path);
      assert.equal(refusal.code, 'DataFolderInvalid');
      assert.match(refusal.message, /the index holds what was archived/);
      assert.deepEqual(await es('GET', `/holdfast-${id()}-read/_count`), items);
    } finally {
      await client.disconnect();
    }
  });
});
