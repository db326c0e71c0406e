import { randomBytes } from 'node:crypto';
import { development } from '../../infra/kafka/topic-settings.ts';
import { connectKafka, type KafkaConnection } from '../../services/adapters/kafka/connect-kafka.ts';
import { ensureTopics } from '../../services/adapters/kafka/ensure-topics.ts';
import type { KafkaOptions } from '../../services/adapters/kafka/kafka-options.ts';
import { deleteTopics } from '../../services/adapters/kafka/topic-administration.ts';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import type {
  TopicProfile,
  TopicSettings,
  WantedTopic,
} from '../../services/adapters/kafka/topic-profile.ts';
import { engines } from './engines.ts';

const toSettings = (values: Readonly<Record<string, number | string>>): TopicSettings =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      return [name, { value: `${value}`, accept: 'exactly', why: 'tests do not wait' }];
    }),
  );

/** The development profile with waits of fractions of a second, so that an erasure takes two or three. */
export const testProfile: TopicProfile = {
  ...development,
  name: 'test',
  kinds: {
    ...development.kinds,
    data: {
      ...development.kinds.data,
      ...toSettings({
        'segment.ms': 300,
        'max.compaction.lag.ms': 300,
        'min.cleanable.dirty.ratio': 0.01,
        'file.delete.delay.ms': 0,
      }),
    },
  },
};

export const testPartitions = { im: 4, governance: 1, audit: 1 };

/** The topics of the event log of an installation. */
export const logTopics = (installation: string): readonly WantedTopic[] => [
  { topic: topicNames.stream(installation, 'im', 1), kind: 'data', partitions: testPartitions.im },
  { topic: topicNames.stream(installation, 'governance', 1), kind: 'record', partitions: 1 },
  { topic: topicNames.stream(installation, 'audit', 1), kind: 'record', partitions: 1 },
];

export interface KafkaInstallation extends AsyncDisposable {
  readonly connection: KafkaConnection;
  readonly installation: string;
  /** Deleted with it; a test may add to them. */
  readonly topics: string[];
}

export interface InstallationOptions extends Partial<KafkaOptions> {
  /** Those of the event log by default. */
  topicsOf?(installation: string): readonly WantedTopic[];
  readonly profile?: TopicProfile;
}

/** The test profile with other settings for data. */
export const profileWith = (settings: Readonly<Record<string, number | string>>): TopicProfile => ({
  ...testProfile,
  kinds: { ...testProfile.kinds, data: { ...testProfile.kinds.data, ...toSettings(settings) } },
});

/** New topics of a new installation, which go with it. */
export const makeKafkaInstallation = async (
  options: InstallationOptions = {},
): Promise<KafkaInstallation> => {
  const { topicsOf = logTopics, profile = testProfile, ...connect } = options;
  const brokers = options.brokers ?? [engines()!.kafka];
  const installation = randomBytes(16).toString('hex');
  const connection = await connectKafka({ clientId: 'holdfast-test', ...connect, brokers });
  const wanted = topicsOf(installation);
  const topics = wanted.map(({ topic }) => topic);
  const dispose = async () => {
    if (topics.length > 0) await deleteTopics(connection, topics).catch(() => undefined);
    await connection[Symbol.asyncDispose]();
  };
  try {
    await ensureTopics(connection, wanted, profile);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { connection, installation, topics, [Symbol.asyncDispose]: dispose };
};
