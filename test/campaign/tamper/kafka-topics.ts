import { isDeepStrictEqual } from 'node:util';
import kafkajs from 'kafkajs';
import type { EnterpriseSettings } from '../../../services/adapters/files/enterprise-settings.ts';
import { connectKafka, type KafkaConnection } from '../../../services/adapters/kafka/connect-kafka.ts';
import { findFaults, findMissing } from '../../../services/adapters/kafka/ensure-topics.ts';
import { createTopics, deleteTopics } from '../../../services/adapters/kafka/topic-administration.ts';
import type { WantedTopic } from '../../../services/adapters/kafka/topic-profile.ts';
import { openTopicStream } from '../../../services/adapters/kafka/topic-stream.ts';
import { kafkaOptionsOf, topicProfileOf, wantedTopics } from '../../../services/enterprise/open-engines.ts';
import { until } from '../../support/until.ts';

export interface TopicRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly loggedAtMs: number;
}

/** Records by partition. */
export type TopicContent = readonly (readonly TopicRecord[])[];

/** The topics of an installation as somebody sees them who may delete topics and make new ones of their names. */
export interface Topics extends AsyncDisposable {
  readonly contents: ReadonlyMap<string, TopicContent>;
  /** Puts another topic with this content in the place of one. */
  replace(topic: string, content: TopicContent): Promise<void>;
}

const timestamps = 'message.timestamp.type';

export const openTopics = async (settings: EnterpriseSettings): Promise<Topics> => {
  const connection = await connectKafka(kafkaOptionsOf(settings));
  const client = new kafkajs.Kafka({
    brokers: [...settings.config.kafka.brokers],
    clientId: 'stranger',
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const [admin, producer] = [client.admin(), client.producer({ allowAutoTopicCreation: false })];
  await Promise.all([admin.connect(), producer.connect()]);
  const wanted = wantedTopics(settings).filter(({ kind }) => kind !== 'assignment');
  const contents = new Map<string, TopicContent>();
  for (const one of wanted) contents.set(one.topic, await contentOf(connection, one));
  const profile = topicProfileOf(settings);
  return {
    contents,
    replace: async (topic, content) => {
      const one = wanted.find((each) => each.topic === topic)!;
      const { kind, partitions } = one;
      const inForce = Object.fromEntries(
        Object.entries(profile.kinds[kind]).map(([name, { value }]) => [name, value]),
      );
      await deleteTopics(connection, [topic]);
      // The broker learns later than its controller that the topic is gone, and would take what is written for the new one.
      await until(async () => (await findMissing(connection, [one])).length === 1);
      // Log times are given while the topic is filled, and are the broker's from then on.
      const making = {
        topic,
        partitions,
        replicationFactor: 1,
        settings: { ...inForce, [timestamps]: 'CreateTime' },
      };
      const [answer] = await createTopics(connection, [making]);
      if (answer?.errorCode !== 0) throw new Error(`${topic} was not made again: ${JSON.stringify(answer)}`);
      await until(() => endsAt(connection, { topic, ends: content.map(() => 0) }));
      await fill(producer, topic, content);
      await until(() => endsAt(connection, { topic, ends: content.map(({ length }) => length) }));
      const configEntries = Object.entries(inForce).map(([name, value]) => ({ name, value }));
      const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries };
      await admin.alterConfigs({ validateOnly: false, resources: [resource] });
      // It answers before they are in force, and a topic whose settings are weaker is refused, whatever is in it.
      await until(async () => (await findFaults(connection, [one], profile)).length === 0);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
      await connection[Symbol.asyncDispose]();
    },
  };
};

const contentOf = async (
  connection: KafkaConnection,
  { topic, partitions }: WantedTopic,
): Promise<TopicContent> => {
  await using stream = openTopicStream(connection, topic);
  const contents: TopicRecord[][] = [];
  for (let partition = 0; partition < partitions; partition += 1) {
    const records = (await Array.fromAsync(stream.read({ partition, offset: 0 }))).flat();
    contents.push(
      records.map(({ keyBytes, value, loggedAt }) => ({
        key: keyBytes,
        value,
        loggedAtMs: loggedAt.getTime(),
      })),
    );
  }
  return contents;
};

const endsAt = async (
  connection: KafkaConnection,
  { topic, ends }: { readonly topic: string; readonly ends: readonly number[] },
): Promise<boolean> => {
  connection.forget(topic);
  await using stream = openTopicStream(connection, topic);
  const found = await Promise.all(ends.map((_, partition) => stream.end(partition).catch(() => -1)));
  return isDeepStrictEqual(found, ends);
};

const fill = async (producer: kafkajs.Producer, topic: string, content: TopicContent): Promise<void> => {
  const bytes = (value: Uint8Array | null) => (value === null ? null : Buffer.from(value));
  const messages = content.flatMap((records, partition) =>
    records.map(({ key, value, loggedAtMs }) => ({
      partition,
      key: bytes(key),
      value: bytes(value),
      timestamp: String(loggedAtMs),
    })),
  );
  if (messages.length > 0) await producer.send({ topic, messages });
};
