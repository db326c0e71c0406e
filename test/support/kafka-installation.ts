import { randomBytes } from 'node:crypto';
import { development } from '../../infra/kafka/topic-settings.ts';
import { connectKafka, type KafkaConnection } from '../../services/adapters/kafka/connect-kafka.ts';
import { ensureTopics } from '../../services/adapters/kafka/ensure-topics.ts';
import type { KafkaOptions } from '../../services/adapters/kafka/kafka-options.ts';
import { deleteTopics } from '../../services/adapters/kafka/topic-administration.ts';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import type { TopicProfile, WantedTopic } from '../../services/adapters/kafka/topic-profile.ts';
import { engines } from './engines.ts';

/** The development profile with waits of fractions of a second, so that an erasure takes two or three. */
export const testProfile: TopicProfile = {
  ...development,
  name: 'test',
  kinds: {
    ...development.kinds,
    data: {
      ...development.kinds.data,
      ...Object.fromEntries(
        Object.entries({
          'segment.ms': 300,
          'max.compaction.lag.ms': 300,
          'min.cleanable.dirty.ratio': 0.01,
          'file.delete.delay.ms': 0,
        }).map(([name, value]) => [name, { value: `${value}`, accept: 'exactly', why: 'tests do not wait' }]),
      ),
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
}

/** New topics of a new installation, which go with it. */
export const makeKafkaInstallation = async (
  options: Partial<KafkaOptions> = {},
  topicsOf: (installation: string) => readonly WantedTopic[] = logTopics,
): Promise<KafkaInstallation> => {
  const brokers = options.brokers ?? [engines()!.kafka];
  const installation = randomBytes(16).toString('hex');
  const connection = await connectKafka({ clientId: 'holdfast-test', ...options, brokers });
  const topics = topicsOf(installation);
  const dispose = async () => {
    const names = topics.map(({ topic }) => topic);
    await deleteTopics(connection, names).catch(() => undefined);
    await connection[Symbol.asyncDispose]();
  };
  try {
    await ensureTopics(connection, topics, testProfile);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { connection, installation, [Symbol.asyncDispose]: dispose };
};
