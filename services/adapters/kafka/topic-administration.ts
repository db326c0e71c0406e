import type { KafkaConnection } from './connect-kafka.ts';
import { errorOfCode } from './kafka-wire.ts';

export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly settings: Readonly<Record<string, string>>;
}

interface TopicErrors {
  readonly topicErrors: readonly {
    readonly topic: string;
    readonly errorCode: number;
    readonly errorMessage?: string | null;
  }[];
}

interface DescribedConfigs {
  readonly resources: readonly {
    readonly errorCode: number;
    readonly resourceName: string;
    readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[];
  }[];
}

export const topicAlreadyExists = 36;
const timeoutMs = 10_000;
const topicResource = 2;

/** What the cluster says of each new topic: 0 where it was made, else an error code and its words. */
export const createTopics = async (
  connection: KafkaConnection,
  topics: readonly NewTopic[],
): Promise<TopicErrors['topicErrors']> => {
  const request = {
    validateOnly: false,
    timeout: timeoutMs,
    topics: topics.map(({ topic, partitions, replicationFactor, settings }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    })),
  };
  const answer = (await connection.askController((link) => link.ask('CreateTopics', request))) as TopicErrors;
  for (const { topic } of topics) connection.forget(topic);
  return answer.topicErrors;
};

/** Of topics that exist: asking for another one is answered late. */
export const deleteTopics = async (connection: KafkaConnection, topics: readonly string[]): Promise<void> => {
  const request = { topics, timeout: timeoutMs };
  const answer = (await connection.askController((link) => link.ask('DeleteTopics', request))) as TopicErrors;
  for (const topic of topics) connection.forget(topic);
  const failed = answer.topicErrors.find(({ errorCode }) => errorCode !== 0 && errorCode !== 3);
  if (failed) throw errorOfCode(failed.errorCode);
};

/** Every setting of these topics as it is in force, the broker's defaults among them. */
export const describeTopics = async (
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> => {
  const request = {
    includeSynonyms: false,
    resources: topics.map((name) => ({ type: topicResource, name })),
  };
  const answer = (await connection.askAny((link) =>
    link.ask('DescribeConfigs', request),
  )) as DescribedConfigs;
  return new Map(
    answer.resources.map(({ errorCode, resourceName, configEntries }) => {
      if (errorCode !== 0) throw errorOfCode(errorCode);
      return [
        resourceName,
        new Map(configEntries.map(({ configName, configValue }) => [configName, configValue ?? ''])),
      ];
    }),
  );
};
