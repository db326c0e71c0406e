import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { ask } from './ask.ts';
import { inFlight } from './equal-settings.ts';

/** Every document of an index as the archiver stored it, where the copying subjects take it from. */
export interface StoredDocuments extends AsyncDisposable {
  readonly documents: number;
  /** One message each, spread over partitions as their events are. */
  readonly topic: string;
  /** Lines for `_bulk`. */
  readonly file: string;
  /** Some ids, evenly drawn. */
  readonly sample: readonly string[];
}

interface Hit {
  readonly _id: string;
  readonly _source: { readonly partition: number };
  readonly sort: readonly unknown[];
}

const pageSize = 500;
const sampleSize = 200;

/** Reads the index behind `alias` into a new topic and a new file. */
export const keepDocuments = async (
  engines: { readonly kafka: string; readonly elasticsearch: string },
  { alias, topic, folder }: { readonly alias: string; readonly topic: string; readonly folder: string },
): Promise<StoredDocuments> => {
  const kafka = new Kafka({ brokers: [engines.kafka], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic, numPartitions: inFlight, replicationFactor: 1 }] });
  const path = join(folder, 'documents.ndjson');
  const file = createWriteStream(path);
  const ids: string[] = [];
  for await (const hits of pagesOf(engines.elasticsearch, alias)) {
    await produce(producer, topic, hits);
    for (const { _id, _source } of hits) {
      file.write(`{"create":{"_id":${JSON.stringify(_id)}}}\n${JSON.stringify(_source)}\n`);
      ids.push(_id);
    }
  }
  await finished(file.end());
  await producer.disconnect();
  return {
    documents: ids.length,
    topic,
    file: path,
    sample: ids.filter((_, at) => at % Math.ceil(ids.length / sampleSize) === 0),
    [Symbol.asyncDispose]: async () => {
      await admin.deleteTopics({ topics: [topic] });
      await admin.disconnect();
    },
  };
};

/** In the order in which the events came, partitions side by side. */
async function* pagesOf(url: string, alias: string): AsyncGenerator<readonly Hit[]> {
  await ask(url, ['POST', `/${alias}/_refresh`]);
  for (let after: readonly unknown[] | undefined; ; ) {
    const body = { size: pageSize, sort: ['firstOffset', 'partition', 'id'], search_after: after };
    const answer = await ask<{ hits: { hits: Hit[] } }>(url, ['POST', `/${alias}/_search`], body);
    const { hits } = answer.hits;
    if (hits.length === 0) return;
    yield hits;
    after = hits.at(-1)?.sort;
  }
}

const produce = async (producer: Producer, topic: string, hits: readonly Hit[]): Promise<void> => {
  const messages = hits.map(({ _id, _source }) => ({
    key: _id,
    value: JSON.stringify(_source),
    partition: _source.partition,
  }));
  await producer.send({ topic, acks: -1, messages });
};
