import { join } from 'node:path';
import { development, production } from '../../infra/kafka/topic-settings.ts';
import { openElasticsearchArchiveIndex } from '../adapters/elasticsearch/open-archive-index.ts';
import type { EnterpriseSettings } from '../adapters/files/enterprise-settings.ts';
import { connectKafka, type KafkaConnection } from '../adapters/kafka/connect-kafka.ts';
import { assertTopics, ensureTopics } from '../adapters/kafka/ensure-topics.ts';
import { openKafkaEventLog } from '../adapters/kafka/event-log.ts';
import type { KafkaOptions } from '../adapters/kafka/kafka-options.ts';
import { KafkaLedger } from '../adapters/kafka/ledger.ts';
import { topicNames } from '../adapters/kafka/topic-names.ts';
import type { TopicProfile, WantedTopic } from '../adapters/kafka/topic-profile.ts';
import { openTopicStream } from '../adapters/kafka/topic-stream.ts';
import { openSqliteLedgerView } from '../adapters/sqlite/open-ledger-view.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemRandom } from '../adapters/system/random.ts';
import { assertLogHolds, assertLogHoldsIndex } from '../archiver/assert-log-holds.ts';
import { partitionsOf } from '../core/ledger/partitions-of.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { EventLog, StreamName } from '../ports/event-log.ts';
import type { Ledger } from '../ports/ledger.ts';

export interface Engines extends AsyncDisposable {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
}

export interface EngineOptions {
  /** Folder for the view of the ledger, held by this process alone. */
  readonly stateFolder: string;
  /** Told what this set-up cannot promise. */
  readonly notice: (text: string) => void;
  readonly forRebuild?: boolean;
  /** To look: topics and index are taken as they are, nothing is made or changed; default false. */
  readonly asItIs?: boolean;
}

const generation = 1;
const dataStreams = ['im', 'governance', 'audit'] as const;

export const partitionsIn = ({ config }: EnterpriseSettings): Readonly<Record<StreamName, number>> => ({
  im: config.partitions,
  governance: 1,
  audit: 1,
});

export const topicProfileOf = ({ config }: EnterpriseSettings): TopicProfile =>
  config.profile === 'production' ? production : development;

export const kafkaOptionsOf = ({ config, kafka }: EnterpriseSettings): KafkaOptions => {
  const { brokers, sasl } = config.kafka;
  return {
    brokers,
    clientId: 'holdfast',
    ...(kafka.tls === undefined ? {} : { tls: kafka.tls }),
    ...(sasl === undefined
      ? {}
      : { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: kafka.password ?? '' } }),
  };
};

export const indexOptionsOf = (settings: EnterpriseSettings) => {
  const { config, elasticsearch } = settings;
  const { username } = config.elasticsearch;
  return {
    installation: config.installation,
    partitions: config.partitions,
    profile: config.profile,
    clock: systemClock,
    random: systemRandom,
    connection: {
      nodes: config.elasticsearch.nodes,
      ...elasticsearch,
      ...(username === undefined ? {} : { username }),
    },
  };
};

/** Every topic of the installation. */
export const wantedTopics = (settings: EnterpriseSettings): readonly WantedTopic[] => {
  const { installation } = settings.config;
  const partitions = partitionsIn(settings);
  return [
    ...dataStreams.flatMap((stream): WantedTopic[] => [
      {
        topic: topicNames.stream(installation, stream, generation),
        kind: stream === 'im' ? 'data' : 'record',
        partitions: partitions[stream],
      },
      {
        topic: topicNames.ledger(installation, stream, generation),
        kind: 'record',
        partitions: partitions[stream],
      },
    ]),
    { topic: topicNames.heads(installation), kind: 'record', partitions: 1 },
    {
      topic: topicNames.archivers(installation),
      kind: 'assignment',
      partitions: partitionsOf({ partitions }).length,
    },
  ];
};

/** Log, ledger and index of an installation: made where they are missing, refused where they are weaker than promised. */
export const openEngines = async (
  settings: EnterpriseSettings,
  { stateFolder, notice, forRebuild = false, asItIs = false }: EngineOptions,
): Promise<Engines> => {
  const resources = new AsyncDisposableStack();
  try {
    const profile = topicProfileOf(settings);
    const connection = resources.use(await connectKafka(kafkaOptionsOf(settings)));
    if (asItIs) await assertTopics(connection, wantedTopics(settings));
    else await ensureTopics(connection, wantedTopics(settings), profile);
    for (const sentence of profile.cannotPromise) notice(sentence);
    const { installation } = settings.config;
    const log = resources.use(
      openKafkaEventLog({
        connection,
        installation,
        partitions: partitionsIn(settings),
        clock: systemClock,
      }),
    );
    const ledger = resources.use(await openLedger(connection, settings, stateFolder));
    await assertLogHolds(log, ledger);
    const index = resources.use(
      await openElasticsearchArchiveIndex({ ...indexOptionsOf(settings), notice, forRebuild, asItIs }),
    );
    const remedy = 'Restore the log, or name the cluster and the index that belong together.';
    await assertLogHoldsIndex(log, index, remedy);
    return { log, ledger, index, [Symbol.asyncDispose]: () => resources.disposeAsync() };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};

const openLedger = async (
  connection: KafkaConnection,
  settings: EnterpriseSettings,
  stateFolder: string,
): Promise<Ledger> => {
  const { installation } = settings.config;
  const open = (topic: string) => openTopicStream(connection, topic, { unavailable: 'LedgerUnavailable' });
  const ofStream = (stream: StreamName) => open(topicNames.ledger(installation, stream, generation));
  const ledger = new KafkaLedger({
    streams: { im: ofStream('im'), governance: ofStream('governance'), audit: ofStream('audit') },
    heads: open(topicNames.heads(installation)),
    partitions: partitionsIn(settings),
    view: await openSqliteLedgerView({ path: join(stateFolder, 'ledger-view.db') }),
    clock: systemClock,
  });
  try {
    await ledger.start();
    return ledger;
  } catch (error) {
    await ledger[Symbol.asyncDispose]();
    throw error;
  }
};
