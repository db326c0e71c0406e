import type { BrokerLink } from './broker-link.ts';
import type { TopicPlace } from './connect-kafka.ts';
import { errorOfCode } from './kafka-wire.ts';
import { decodeBatches, type RawChunk } from './record-batches.ts';

export interface FetchFrom extends TopicPlace {
  readonly offset: number;
  readonly maxBytes: number;
  /** How long the broker may wait for a record to come. */
  readonly maxWaitMs: number;
}

export interface FetchedChunk extends RawChunk {
  /** The offset after the last that is durable; nothing from it on is ever answered. */
  readonly highWatermark: number;
}

export const offsetOutOfRange = 1;
const corruptMessage = 2;

/** One fetch of one partition. `undefined` when the broker, throttling us, answered without it. */
export const fetchChunk = async (link: BrokerLink, from: FetchFrom): Promise<FetchedChunk | undefined> => {
  const { topic, partition, offset, maxBytes, maxWaitMs } = from;
  const request = {
    replicaId: -1,
    isolationLevel: 0,
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes }] }],
  };
  const answer = (await link.ask('Fetch', request, async (payload) => readAnswer(payload))) as Answer;
  if (answer.errorCode !== 0) throw errorOfCode(answer.errorCode);
  if (!answer.batches) return undefined;
  const chunk = decodeBatches(answer.batches, offset);
  // A broker always gives at least one whole batch: bytes that hold none must never look like a hole.
  if (answer.batches.length > 0 && chunk.nextOffset === offset) throw errorOfCode(corruptMessage);
  return { ...chunk, highWatermark: answer.highWatermark };
};

/** The first or the next offset of a partition. */
export const askOffset = async (
  link: BrokerLink,
  { topic, partition }: TopicPlace,
  which: 'first' | 'next',
): Promise<number> => {
  const timestamp = which === 'first' ? -2 : -1;
  const request = { isolationLevel: 0, topics: [{ topic, partitions: [{ partition, timestamp }] }] };
  const { responses } = (await link.ask('ListOffsets', request)) as ListedOffsets;
  const { errorCode, offset } = responses[0]!.partitions[0]!;
  if (errorCode !== 0) throw errorOfCode(errorCode);
  return Number(offset);
};

interface ListedOffsets {
  readonly responses: readonly {
    readonly partitions: readonly { readonly errorCode: number; readonly offset: string }[];
  }[];
}

interface Answer {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly batches?: Buffer;
}

/** Fetch response version 11 with at most one partition, as kafkajs does not read it: empty batches matter. */
const readAnswer = (payload: Buffer): Answer => {
  const errorCode = payload.readInt16BE(4);
  const topics = payload.readInt32BE(10);
  if (errorCode !== 0 || topics === 0) return { errorCode, highWatermark: 0 };
  const partitionsAt = 14 + 2 + payload.readInt16BE(14);
  if (payload.readInt32BE(partitionsAt) === 0) return { errorCode, highWatermark: 0 };
  const at = partitionsAt + 8;
  const aborted = Math.max(0, payload.readInt32BE(at + 26));
  const batchesAt = at + 30 + aborted * 16 + 4;
  const length = Math.max(0, payload.readInt32BE(batchesAt));
  return {
    errorCode: payload.readInt16BE(at),
    highWatermark: Number(payload.readBigInt64BE(at + 2)),
    batches: payload.subarray(batchesAt + 4, batchesAt + 4 + length),
  };
};
