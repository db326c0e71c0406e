import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EnterpriseSettings,
  readEnterpriseSettings,
} from '../../services/adapters/files/enterprise-settings.ts';
import { initEnterprise } from '../../services/adapters/files/init-enterprise.ts';
import { connectKafka } from '../../services/adapters/kafka/connect-kafka.ts';
import { deleteTopics } from '../../services/adapters/kafka/topic-administration.ts';
import { kafkaOptionsOf, wantedTopics } from '../../services/enterprise/open-engines.ts';
import { engines } from './engines.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface EnterpriseInstallation extends AsyncDisposable {
  /** Of its configuration. */
  readonly path: string;
  readonly settings: EnterpriseSettings;
  /** Takes the index away, as a lost cluster would. */
  loseIndex(): Promise<void>;
}

const random = { bytes: (count: number) => randomBytes(count) };

/** A new installation on the engines of the test run; its topics and its index go with it. */
export const makeEnterprise = async (
  changes: Readonly<Record<string, unknown>> = {},
): Promise<EnterpriseInstallation> => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'enterprise.json');
  const { kafka, elasticsearch } = engines()!;
  await initEnterprise({
    path,
    profile: 'development',
    kafka: [kafka],
    elasticsearch: [elasticsearch],
    random,
  });
  const made = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  // Fewer partitions, timed for tests: every installation has its own topics.
  await writeFile(
    path,
    JSON.stringify({ ...made, partitions: 3, timeZone: 'UTC', logLevel: 'warn', ...changes }),
  );
  const settings = await readEnterpriseSettings(path);
  const loseIndex = () => deleteIndexes(elasticsearch, settings.config.installation);
  return {
    path,
    settings,
    loseIndex,
    [Symbol.asyncDispose]: async () => {
      await loseIndex();
      await removeTopics(settings);
      await folder[Symbol.asyncDispose]();
    },
  };
};

const removeTopics = async (settings: EnterpriseSettings): Promise<void> => {
  await using connection = await connectKafka(kafkaOptionsOf(settings));
  const topics = wantedTopics(settings).map(({ topic }) => topic);
  await deleteTopics(connection, topics).catch(() => undefined);
};

/** By name: wildcards in deletions are refused by a careful cluster. */
const deleteIndexes = async (url: string, installation: string): Promise<void> => {
  const listed = await fetch(`${url}/_cat/indices/holdfast-${installation}-*?h=index&format=json`);
  const indexes = listed.ok ? ((await listed.json()) as { index: string }[]) : [];
  for (const { index } of indexes) await fetch(`${url}/${index}`, { method: 'DELETE' });
};
