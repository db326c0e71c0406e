import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readKeys } from '../../services/adapters/files/folder-keys.ts';
import { connectKafka } from '../../services/adapters/kafka/connect-kafka.ts';
import { findMissing } from '../../services/adapters/kafka/ensure-topics.ts';
import { deleteTopics } from '../../services/adapters/kafka/topic-administration.ts';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import { verifyOpening } from '../../services/cli/commands/verify.ts';
import { readConfig } from '../../services/core/read-config.ts';
import { openHere } from '../../services/enterprise/access.ts';
import { kafkaOptionsOf, wantedTopics } from '../../services/enterprise/open-engines.ts';
import { openVerifier } from '../../services/enterprise/verify-thread.ts';
import { ask } from '../support/elasticsearch-index.ts';
import { engines, needsEngines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { openEdition } from '../support/open-edition.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { reportOf } from '../support/verify-folder.ts';

const connected = ({ settings }: EnterpriseInstallation) => connectKafka(kafkaOptionsOf(settings));

const missingIn = async (installation: EnterpriseInstallation): Promise<readonly string[]> => {
  await using connection = await connected(installation);
  const missing = await findMissing(connection, wantedTopics(installation.settings));
  return missing.map(({ topic }) => topic);
};

const indexesOf = async ({ settings }: EnterpriseInstallation): Promise<readonly string[]> =>
  Object.keys(await ask(engines()!.elasticsearch, ['GET', `/holdfast-${settings.config.installation}-*`]));

/** In the thread of a process that serves. */
const verifyThere = async ({ settings }: EnterpriseInstallation): Promise<unknown> => {
  await using folder = await temporaryFolder();
  const { publicKeyPem } = await readKeys(settings.keysFolder, { readOnly: true });
  await using verifier = await openVerifier({ settings, publicKeyPem, stateFolder: folder.path });
  return await reportOf(verifier.verify());
};

const verifyByCommand = async ({ path }: EnterpriseInstallation): Promise<unknown> => {
  await using opened = await openHere(readConfig({ HOLDFAST_CONFIG: path }), verifyOpening);
  return await reportOf(opened.archive.verify({ actor: { id: 'tester' }, purpose: 'verify' }));
};

describe('verify makes nothing of what is missing', { skip: needsEngines }, () => {
  for (const [where, verify] of Object.entries({ 'a server': verifyThere, 'the command': verifyByCommand })) {
    test(`of an installation that lost its topics, by ${where}`, async () => {
      await using fresh = await makeEnterprise();
      await assert.rejects(verify(fresh), /Topics of this installation are missing: .*restore them/);
      assert.equal((await missingIn(fresh)).length, wantedTopics(fresh.settings).length);
      assert.deepEqual(await indexesOf(fresh), []);
    });

    test(`of one that lost its index, and then its heads, by ${where}`, async () => {
      await using installation = await makeEnterprise();
      await (await openEdition(installation.path))[Symbol.asyncDispose]();
      await installation.loseIndex();
      await assert.rejects(verify(installation), { code: 'IndexUnavailable' });
      assert.deepEqual(await indexesOf(installation), []);
      const heads = topicNames.heads(installation.settings.config.installation);
      {
        await using connection = await connected(installation);
        await deleteTopics(connection, [heads]);
      }
      await until(async () => (await missingIn(installation)).length === 1);
      await assert.rejects(verify(installation), new RegExp(`are missing: ${heads}\\.`));
      assert.deepEqual(await missingIn(installation), [heads]);
    });
  }
});
