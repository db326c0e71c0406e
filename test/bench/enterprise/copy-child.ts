import { Kafka, logLevel } from 'kafkajs';
import { inFlight, maxFetchBytes, perRequest } from './equal-settings.ts';
import { openClient, postBulk } from './post-bulk.ts';
import { type EnginePids, type RunFigures, startRun } from './run-figures.ts';
import { serveRuns } from './serve-runs.ts';

export interface CopyOrder {
  readonly kafka: string;
  readonly elasticsearch: string;
  /** Holds index documents as they are stored. */
  readonly topic: string;
  readonly index: string;
  readonly documents: number;
  readonly pids: EnginePids;
}

/** The loop that anybody would write in an afternoon: it copies, and promises nothing else. */
const copy = async (order: CopyOrder): Promise<RunFigures> => {
  const { topic, index, documents } = order;
  const client = openClient(order.elasticsearch);
  const kafka = new Kafka({ brokers: [order.kafka], logLevel: logLevel.NOTHING });
  const groupId = `bench-${process.pid}-${performance.now()}`;
  const consumer = kafka.consumer({ groupId, maxBytesPerPartition: maxFetchBytes });
  const { promise: copied, resolve, reject } = Promise.withResolvers<void>();
  let done = 0;
  const end = startRun(order.pids);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: inFlight,
    eachBatch: async ({ batch: { messages, partition } }) => {
      for (let from = 0; from < messages.length; from += perRequest) {
        const some = messages.slice(from, from + perRequest);
        const lines = some.map(({ value }) => {
          const text = value!.toString();
          return `{"create":{"_id":${JSON.stringify(JSON.parse(text).id)}}}\n${text}\n`;
        });
        await postBulk(client, index, lines.join('')).catch(reject);
        const offset = String(Number(some.at(-1)!.offset) + 1);
        await consumer.commitOffsets([{ topic, partition, offset }]);
        done += some.length;
        if (done === documents) resolve();
      }
    },
  });
  await copied;
  const figures = end();
  await consumer.disconnect();
  await client.close();
  return figures;
};

await serveRuns(copy);
