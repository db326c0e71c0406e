import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { elasticsearchSettings } from '../../infra/engines/elasticsearch-settings.ts';
import { elasticsearchVersion, kafkaVersion } from '../../infra/engines/versions.ts';
import { development, production } from '../../infra/kafka/topic-settings.ts';
import { EnterpriseConfig } from '../../schemas/config/enterprise-config.ts';
import { settingsOf } from '../../services/adapters/elasticsearch/index-settings.ts';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly 'x-production': {
    readonly kafka: Readonly<Record<string, number>>;
    readonly elasticsearch: Readonly<Record<string, unknown>>;
  };
}

const root = join(import.meta.dirname, '../..');
const path = join(root, 'infra/compose.yaml');
const text = readFileSync(path, 'utf8');
const document = parseDocument(text, { merge: true, strict: true, uniqueKeys: true });
const compose = document.toJS() as Compose;
const { kafka, elasticsearch } = compose.services;
const roles = ['archiver', 'search-api', 'signer'];
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

test('compose.yaml is YAML without faults, warnings and doubled keys', () => {
  assert.deepEqual([...document.errors, ...document.warnings], []);
});

test('the engines and every role are there, each with a check of its health', () => {
  assert.deepEqual(Object.keys(compose.services).sort(), ['kafka', 'elasticsearch', ...roles].sort());
  for (const [name, { healthcheck }] of Object.entries(compose.services))
    assert.match(healthcheck?.test[0] ?? '', /^CMD/, name);
});

test('every role is Holdfast with its own role, started after healthy engines', () => {
  for (const role of roles) {
    const { command, depends_on } = compose.services[role]!;
    const config = '/etc/holdfast/enterprise.json';
    assert.deepEqual(command, ['serve', '--edition', 'enterprise', '--role', role, '--config', config]);
    for (const engine of ['kafka', 'elasticsearch'])
      assert.equal(depends_on?.[engine]?.condition, 'service_healthy', `${role} on ${engine}`);
  }
});

test('networks, volumes, secrets and files that services name exist', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const network of service.networks) assert.ok(network in compose.networks, `${name}: ${network}`);
    for (const secret of service.secrets ?? [])
      assert.ok((typeof secret === 'string' ? secret : secret.source) in compose.secrets, name);
    for (const volume of service.volumes ?? [])
      if (!volume.startsWith('/')) assert.ok(volume.slice(0, volume.indexOf(':')) in compose.volumes, name);
    if (service.build !== undefined)
      assert.ok(existsSync(join(dirname(path), service.build.context, service.build.dockerfile)), name);
  }
});

test('the images are those versions that the tests run against', () => {
  assert.equal(kafka?.image, `apache/kafka:${kafkaVersion}`);
  assert.equal(elasticsearch?.image, `docker.elastic.co/elasticsearch/elasticsearch:${elasticsearchVersion}`);
  const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const role of roles) assert.equal(compose.services[role]?.image, `holdfast:${version}`);
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
  assert.ok(bases.length >= 2, 'dependencies are installed in a stage of their own');
  for (const base of bases) assert.equal(base, `node:${devDependencies.node}-bookworm-slim`);
});

test('Holdfast runs as an account that is not root and cannot change the program', () => {
  const stage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM'));
  assert.match(stage, /^USER [1-9]\d*:[1-9]\d*$/m);
  assert.ok(
    stage.indexOf('\nUSER') > stage.lastIndexOf('\nRUN') &&
      stage.indexOf('\nUSER') > stage.lastIndexOf('\nCOPY'),
  );
  assert.match(stage, /^HEALTHCHECK /m);
  for (const role of roles) {
    const { read_only, cap_drop, user } = compose.services[role]!;
    assert.deepEqual({ read_only, cap_drop, user }, { read_only: true, cap_drop: ['ALL'], user: undefined });
  }
  for (const engine of [kafka, elasticsearch]) assert.equal(engine?.user, undefined);
});

test('no password has a default, none is in an image or an environment, and only the page is reached, from this machine', () => {
  assert.deepEqual(
    Object.values(compose.secrets).filter(({ file }) => !file.startsWith('./secrets/')),
    [],
  );
  for (const [name, { environment = {}, ports }] of Object.entries(compose.services)) {
    for (const port of ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
    for (const key of Object.keys(environment))
      assert.ok(!/PASSWORD|SECRET|TOKEN|API_KEY/i.test(key) || key.endsWith('_FILE'), `${name}: ${key}`);
  }
  assert.equal(compose.networks.engines?.internal, true);
  for (const engine of [kafka, elasticsearch]) assert.deepEqual(engine?.networks, ['engines']);
  assert.equal(elasticsearch?.environment?.['xpack.security.enabled'], 'true');
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  assert.ok(ignored.includes('*') && ignored.includes('infra/secrets'));
  assert.match(readFileSync(join(root, '.gitignore'), 'utf8'), /^\/infra\/secrets\/$/m);
});

/** Files a role finds in its container, by their path. */
const filesOf = (role: string): string[] =>
  (compose.services[role]?.secrets ?? []).flatMap((secret) =>
    typeof secret === 'string' ? [] : secret.target,
  );

test('the example of a configuration is valid, and names what the containers have', () => {
  const example = readFileSync(join(root, 'infra/enterprise.example.json'), 'utf8');
  const given = JSON.parse(example.replace('INSTALLATION', '0123456789abcdef'.repeat(2)));
  const { kafka, elasticsearch, keys, server, state, profile } = EnterpriseConfig.parse(given);
  assert.equal(profile, development.name);
  assert.deepEqual([...kafka.brokers, ...elasticsearch.nodes], ['kafka:9092', 'http://elasticsearch:9200']);
  const named = [elasticsearch.passwordFile ?? '', server.tokenFile, `${keys}/tree-heads.public.pem`];
  for (const role of roles) {
    for (const name of named) assert.ok(filesOf(role).includes(`/etc/holdfast/${name}`), `${role}: ${name}`);
    assert.ok(
      compose.services[role]?.volumes?.some((volume) => volume.endsWith(`:${state}`)),
      role,
    );
    assert.match(
      compose.services[role]?.healthcheck?.test.join(' ') ?? '',
      new RegExp(`:${server.port}/readyz`),
    );
  }
});

test('the private key is in the container of the signer alone', () => {
  const key = '/etc/holdfast/keys/tree-heads.pem';
  assert.deepEqual(
    roles.filter((role) => filesOf(role).includes(key)),
    ['signer'],
  );
});

test('the one broker has the settings of the profile development, and never makes a topic by itself', () => {
  const { environment = {} } = kafka!;
  const topic = development.kinds.record;
  assert.equal(environment.KAFKA_DEFAULT_REPLICATION_FACTOR, development.replicationFactor);
  assert.equal(environment.KAFKA_MIN_INSYNC_REPLICAS, Number(topic['min.insync.replicas']?.value));
  assert.equal(
    environment.KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE,
    topic['unclean.leader.election.enable']?.value,
  );
  const largest = Number(topic['max.message.bytes']?.value);
  assert.ok(Number(environment.KAFKA_MESSAGE_MAX_BYTES) >= largest);
  assert.ok(Number(environment.KAFKA_REPLICA_FETCH_MAX_BYTES) >= largest);
  assert.equal(environment.KAFKA_AUTO_CREATE_TOPICS_ENABLE, 'false');
});

test('what is said about production is what Holdfast asks for there', () => {
  const { kafka: brokers, elasticsearch: nodes } = compose['x-production'];
  const copies = production.replicationFactor;
  const inSync = Number(production.kinds.record['min.insync.replicas']?.value);
  assert.ok((brokers.brokers ?? 0) >= copies);
  for (const name of ['DEFAULT', 'OFFSETS_TOPIC', 'TRANSACTION_STATE_LOG'])
    assert.equal(brokers[`KAFKA_${name}_REPLICATION_FACTOR`], copies, name);
  assert.equal(brokers.KAFKA_MIN_INSYNC_REPLICAS, inSync);
  assert.equal(brokers.KAFKA_TRANSACTION_STATE_LOG_MIN_ISR, inSync);
  assert.equal(String(nodes.replicas), settingsOf('production')['index.number_of_replicas']?.value);
  assert.ok(Number(nodes.nodes) >= 3, 'two of three are a majority');
});

test('the node of compose.yaml protects indexes as that of the tests does', () => {
  const tested = elasticsearchSettings({ folder: '/', port: 1, transportPort: 2 });
  for (const name of ['action.auto_create_index', 'action.destructive_requires_name'])
    assert.ok(tested.includes(`${name}: ${elasticsearch?.environment?.[name]}\n`), name);
});
