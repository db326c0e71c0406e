import { join } from 'node:path';
import { topicNames } from '../../../services/adapters/kafka/topic-names.ts';
import { partitionOf } from '../../../services/core/conversation/partition.ts';
import { maxRecordBytes } from '../../../services/core/conversation/record-limits.ts';
import { openEnterprise, roles } from '../../../services/enterprise/compose.ts';
import { connectArchive } from '../../../services/search-api/http/connect-archive.ts';
import { openStandard } from '../../../services/standard/compose.ts';
import { engines } from '../../support/engines.ts';
import { makeEnterprise } from '../../support/enterprise-installation.ts';
import { startStranger } from '../../support/kafka-stranger.ts';
import { serveArchive, testToken } from '../../support/serve-archive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { PoisonedEdition } from './poisoned-edition.ts';

export const openPoisonedStandard = async (): Promise<PoisonedEdition> => {
  const resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder());
  const edition = resources.use(await openStandard({ data: join(folder.path, 'data'), timeZone: 'UTC' }));
  const served = resources.use(await serveArchive(edition.archive));
  return {
    archive: edition.archive,
    remote: connectArchive({ url: served.url, token: testToken }),
    write: async (batch) => {
      const taken = batch.flatMap(({ key, value }) =>
        value === null || value.length > maxRecordBytes ? [] : [{ key, value }],
      );
      await edition.log.append('im', taken);
    },
    settled: edition.settled,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

const partitions = 2;
/** What the topic takes, and a batch of a stranger may hold. */
const maxRawBytes = 1_950_000;

export const openPoisonedEnterprise = async (): Promise<PoisonedEdition> => {
  const resources = new AsyncDisposableStack();
  const installation = resources.use(await makeEnterprise({ partitions }));
  const { settings } = installation;
  const edition = resources.use(await openEnterprise(settings, { roles, notice: () => undefined }));
  const served = resources.use(await serveArchive(edition.archive!));
  const stranger = resources.use(await startStranger(engines()!.kafka));
  const topic = topicNames.stream(settings.config.installation, 'im', 1);
  return {
    archive: edition.archive!,
    remote: connectArchive({ url: served.url, token: testToken }),
    write: async (batch) => {
      const taken = batch.filter(({ value }) => (value?.length ?? 0) <= maxRawBytes);
      const records = taken.map(({ key, value }) => ({
        key,
        value: value === null ? null : Buffer.from(value),
        partition: partitionOf(key, partitions),
      }));
      const large = records.filter(({ value }) => (value?.length ?? 0) > maxRecordBytes);
      for (const record of large) await stranger.send(topic, 'none', [record]);
      await stranger.send(
        topic,
        'none',
        records.filter((record) => !large.includes(record)),
      );
    },
    settled: edition.settled,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
