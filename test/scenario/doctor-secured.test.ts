import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Engine } from '../../infra/engines/run-engine.ts';
import { startElasticsearch } from '../../infra/engines/start-elasticsearch.ts';
import { startKafka } from '../../infra/engines/start-kafka.ts';
import { openEnterprise, roles } from '../../services/enterprise/compose.ts';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { assertExplained, findingsOf, variantOf } from '../support/doctor.ts';
import { needsEngines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { messageSent } from '../support/im-events.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const caller = { actor: { id: 'tester' }, purpose: 'test of secured engines' };
const password = 'a-password-of-a-test';

describe('engines with TLS and accounts: start refuses what does not fit, doctor explains', {
  skip: needsEngines,
}, () => {
  let folder: TemporaryFolder;
  let certificate: Certificate;
  let broker: Engine;
  let node: Engine;
  let installation: EnterpriseInstallation;
  const inFolder = (name: string) => join(folder.path, name);

  before(async () => {
    folder = await temporaryFolder();
    certificate = await makeCertificate(folder.path);
    await writeFile(inFolder('right'), `${password}\n`);
    await writeFile(inFolder('wrong'), 'hunter2-hunter2');
    await writeFile(inFolder('no-pem'), 'hunter2-hunter2');
    [broker, node] = await Promise.all([
      startKafka({
        lifetime: 'brief',
        security: {
          protocol: 'SASL_SSL',
          mechanism: 'SCRAM-SHA-512',
          users: { holdfast: password },
          keyAndCertificatePath: certificate.keyAndCertificatePath,
        },
      }),
      startElasticsearch({
        lifetime: 'brief',
        heapMb: 512,
        security: { name: 'holdfast', password, tls: certificate },
      }),
    ]);
    installation = await makeEnterprise({ partitions: 1, kafka: kafkaWith(), elasticsearch: searchWith() });
  });
  after(async () => {
    await installation?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
    await node?.[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const sasl = () => ({ mechanism: 'scram-sha-512', username: 'holdfast', passwordFile: inFolder('right') });
  const kafkaWith = (changes: object = {}) => ({
    brokers: [broker.address],
    tls: { caFile: certificate.certificatePath },
    sasl: sasl(),
    ...changes,
  });
  const searchWith = (changes: object = {}) => ({
    nodes: [node.address],
    tls: { caFile: certificate.certificatePath },
    username: 'holdfast',
    passwordFile: inFolder('right'),
    ...changes,
  });

  test('with what they expect everything works, verification too', async () => {
    await using edition = await openEnterprise(installation.settings, { roles, notice: () => undefined });
    await edition.archive!.append([Buffer.from(JSON.stringify(messageSent({ id: 'e1', body: 'kept' })))]);

    await edition.settled();

    for await (const step of edition.archive!.verify(caller))
      if (step.kind === 'report') assert.deepEqual(step.report.differences, []);
    assert.deepEqual(
      (await findingsOf(installation.path)).filter(({ state }) => state === 'fault'),
      [],
    );
  });

  const kafkaFaults: readonly (readonly [string, () => object, RegExp])[] = [
    [
      'a wrong password',
      () => ({ sasl: { ...sasl(), passwordFile: inFolder('wrong') } }),
      /Check the user name/,
    ],
    [
      'an account that does not exist',
      () => ({ sasl: { ...sasl(), username: 'nobody' } }),
      /Check the user name/,
    ],
    ['another mechanism', () => ({ sasl: { ...sasl(), mechanism: 'plain' } }), /SASL mechanism/],
    ['no account', () => ({ sasl: undefined }), /Kafka at/],
    ['no TLS', () => ({ tls: undefined }), /Check .*TLS/],
    ['TLS that does not trust its certificate', () => ({ tls: {} }), /self-signed certificate.*Check/],
    ['authorities that are no PEM', () => ({ tls: { caFile: inFolder('no-pem') } }), /Kafka at/],
  ];
  describe('Kafka', { concurrency: true }, () => {
    for (const [what, changes, says] of kafkaFaults)
      test(`with ${what}`, async () => {
        const path = await variantOf(installation.path, () => ({ kafka: kafkaWith(changes()) }));
        const told = await assertExplained(path, says, 'Kafka');
        assert.doesNotMatch(told, /hunter2|a-password-of-a-test/);
      });
  });

  const searchFaults: readonly (readonly [string, () => object, RegExp])[] = [
    [
      'a wrong password',
      () => ({ passwordFile: inFolder('wrong') }),
      /refused the API key, or the user name/,
    ],
    [
      'no account',
      () => ({ username: undefined, passwordFile: undefined }),
      /refused the API key, or the user name/,
    ],
    [
      'http instead of https',
      () => ({ nodes: [node.address.replace('https', 'http')] }),
      /was not reached.*https/,
    ],
    ['a certificate it does not trust', () => ({ tls: {} }), /was not reached.*certificate/],
    ['authorities that are no PEM', () => ({ tls: { caFile: inFolder('no-pem') } }), /Elasticsearch/],
  ];
  for (const [what, changes, says] of searchFaults)
    test(`Elasticsearch with ${what}`, async () => {
      const path = await variantOf(installation.path, () => ({ elasticsearch: searchWith(changes()) }));
      const told = await assertExplained(path, says, 'Elasticsearch');
      assert.doesNotMatch(told, /hunter2|a-password-of-a-test/);
    });

  test('after all of that nothing is lost', async () => {
    await using edition = await openEnterprise(installation.settings, { roles, notice: () => undefined });
    const { total } = await edition.archive!.search(caller, { query: 'kept', limit: 1, sort: 'sent' });
    assert.equal(total, 1);
  });
});
