import { join } from 'node:path';
import { development } from '../../../infra/kafka/topic-settings.ts';
import { openElasticsearchArchiveIndex } from '../../../services/adapters/elasticsearch/open-archive-index.ts';
import type { EnterpriseSettings } from '../../../services/adapters/files/enterprise-settings.ts';
import { connectKafka } from '../../../services/adapters/kafka/connect-kafka.ts';
import { ensureTopics } from '../../../services/adapters/kafka/ensure-topics.ts';
import { openKafkaEventLog } from '../../../services/adapters/kafka/event-log.ts';
import { KafkaLedger } from '../../../services/adapters/kafka/ledger.ts';
import { topicNames } from '../../../services/adapters/kafka/topic-names.ts';
import { openTopicStream } from '../../../services/adapters/kafka/topic-stream.ts';
import { openSqliteLedgerView } from '../../../services/adapters/sqlite/open-ledger-view.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { assertLogHolds, assertLogHoldsIndex } from '../../../services/archiver/assert-log-holds.ts';
import {
  type Engines,
  indexOptionsOf,
  kafkaOptionsOf,
  partitionsIn,
  wantedTopics,
} from '../../../services/enterprise/open-engines.ts';
import type { StreamName } from '../../../services/ports/event-log.ts';

/** A dead rebuild is found out about in a fraction of a second, not in twenty. */
const beatMs = 50;

/** As the Enterprise Edition opens them. */
export const openSharedEngines = async (
  settings: EnterpriseSettings,
  stateFolder: string,
): Promise<Engines> => {
  const { installation } = settings.config;
  const partitions = partitionsIn(settings);
  const resources = new AsyncDisposableStack();
  try {
    const connection = resources.use(await connectKafka(kafkaOptionsOf(settings)));
    await ensureTopics(connection, wantedTopics(settings), development);
    const log = resources.use(
      openKafkaEventLog({ connection, installation, partitions, clock: systemClock }),
    );
    const open = (topic: string) => openTopicStream(connection, topic, { unavailable: 'LedgerUnavailable' });
    const ofStream = (stream: StreamName) => open(topicNames.ledger(installation, stream, 1));
    const ledger = resources.use(
      new KafkaLedger({
        streams: { im: ofStream('im'), governance: ofStream('governance'), audit: ofStream('audit') },
        heads: open(topicNames.heads(installation)),
        partitions,
        clock: systemClock,
        view: await openSqliteLedgerView({ path: join(stateFolder, 'ledger-view.db') }),
      }),
    );
    await ledger.start();
    await assertLogHolds(log, ledger);
    const index = resources.use(await openElasticsearchArchiveIndex({ ...indexOptionsOf(settings), beatMs }));
    await assertLogHoldsIndex(log, index);
    return { log, ledger, index, [Symbol.asyncDispose]: () => resources.disposeAsync() };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};
