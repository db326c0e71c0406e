import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, HoldfastError } from '../../core/errors.ts';
import { AppendQueue, type QueueLimits } from './append-queue.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { KafkaConnection } from './connect-kafka.ts';
import type { FetchedChunk } from './fetch-chunk.ts';
import { toKafkaFault } from './kafka-fault.ts';
import type { RawRecord } from './record-batches.ts';
import { type Receipt, type StreamRecord, TopicProducer } from './topic-producer.ts';

export interface TopicStreamOptions {
  /** Strings as keys get a suffix of their own in each record, for compacted topics; default false. */
  readonly hasUniqueKeys?: boolean;
  /** How long an append may go unacknowledged from when it was made; default 30,000. */
  readonly appendDeadlineMs?: number;
  /** Default 32 MiB waiting; 1 MiB and 2048 records a send. */
  readonly limits?: Partial<QueueLimits>;
  /** The code of what is thrown when Kafka cannot be reached or refuses; default `LogUnavailable`. */
  readonly unavailable?: ErrorCode;
}

export interface StreamReadOptions {
  /** Keep waiting for new records instead of ending at the end of the partition. */
  readonly follow?: boolean;
  /** About this many bytes a batch, at least one record; default 1 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface StreamPosition {
  readonly partition: number;
  readonly offset: number;
}

/**
 * A topic as ordered partitions of records: what the event log and the ledger have in common.
 *
 * Promises: an append that resolved is stored on every replica in sync, the records of each partition consecutively
 * in the order given, and appends in the order made; a rejected one (but `Overloaded` and `TooLarge`) may be stored,
 * wholly or in part. Reading gives what exists, in order: offsets may be missing where a topic is compacted. It goes
 * on through changes of leaders and restarts of brokers, and gives up after `patienceMs` (a follower after a minute).
 */
export interface TopicStream extends AsyncDisposable {
  append(records: readonly StreamRecord[]): Promise<readonly Receipt[]>;
  read(from: StreamPosition, options?: StreamReadOptions): AsyncIterable<readonly RawRecord[]>;
  /** As `read`, with what lies between the records: every offset below a chunk's `nextOffset` was looked at. */
  readChunks(from: StreamPosition, options?: StreamReadOptions): AsyncIterable<FetchedChunk>;
  /** One chunk from a position on, without waiting. */
  fetch(from: StreamPosition, maxBytes?: number): Promise<FetchedChunk>;
  /** The offset the next record of the partition will get. */
  end(partition: number): Promise<number>;
}

const defaultLimits: QueueLimits = {
  maxQueuedBytes: 32 * 1024 * 1024,
  maxSendBytes: 1024 * 1024,
  maxSendRecords: 2048,
};

const defaultMaxBytes = 1024 * 1024;
const behindPauseMs = 50;

class KafkaTopicStream implements TopicStream {
  readonly #connection: KafkaConnection;
  readonly #topic: string;
  readonly #unavailable: ErrorCode;
  readonly #producer: TopicProducer;
  readonly #queue: AppendQueue;
  readonly #closing = new AbortController();
  readonly #ending: AbortSignal;

  constructor(connection: KafkaConnection, topic: string, options: TopicStreamOptions) {
    this.#connection = connection;
    this.#topic = topic;
    this.#unavailable = options.unavailable ?? 'LogUnavailable';
    this.#producer = new TopicProducer(connection, {
      topic,
      hasUniqueKeys: options.hasUniqueKeys ?? false,
      appendDeadlineMs: options.appendDeadlineMs ?? 30_000,
      unavailable: this.#unavailable,
    });
    const limits = { ...defaultLimits, ...options.limits };
    this.#queue = new AppendQueue((records, sinceMs) => this.#producer.send(records, sinceMs), limits);
    this.#ending = AbortSignal.any([this.#closing.signal, connection.closing]);
  }

  async append(records: readonly StreamRecord[]): Promise<readonly Receipt[]> {
    this.#ending.throwIfAborted();
    return records.length === 0 ? [] : this.#queue.append(records);
  }

  async *read(from: StreamPosition, options?: StreamReadOptions): AsyncGenerator<readonly RawRecord[]> {
    for await (const { records } of this.readChunks(from, options)) if (records.length > 0) yield records;
  }

  async *readChunks(
    { partition, offset }: StreamPosition,
    { follow = false, maxBytes = defaultMaxBytes, signal }: StreamReadOptions = {},
  ): AsyncGenerator<FetchedChunk> {
    const ending = signal ? AbortSignal.any([signal, this.#ending]) : this.#ending;
    ending.throwIfAborted();
    using reader = this.#reader(partition, { isFollower: follow, signal: ending });
    // A new leader may say for a moment that less is durable than was acknowledged; of the end it speaks only later.
    const end = follow ? Number.POSITIVE_INFINITY : await this.#translate(() => reader.end());
    for (let next = offset; ; ) {
      const chunk = await this.#translate(() => reader.fetch({ offset: next, maxBytes }));
      const isBehind = chunk.highWatermark < Math.min(next, end);
      if (chunk.nextOffset > next) yield chunk;
      else if (isBehind) await this.#sleep(ending);
      next = chunk.nextOffset;
      ending.throwIfAborted();
      if (next >= end && next >= chunk.highWatermark) return;
    }
  }

  async fetch({ partition, offset }: StreamPosition, maxBytes = defaultMaxBytes): Promise<FetchedChunk> {
    this.#ending.throwIfAborted();
    using reader = this.#reader(partition, { isFollower: false, signal: this.#ending });
    return await this.#translate(() => reader.fetch({ offset, maxBytes }));
  }

  async end(partition: number): Promise<number> {
    this.#ending.throwIfAborted();
    using reader = this.#reader(partition, { isFollower: false, signal: this.#ending });
    return await this.#translate(() => reader.end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const reason = new HoldfastError(this.#unavailable, { detail: `${this.#topic} is closed.` });
    this.#closing.abort(reason);
    await this.#queue.drain();
    this.#producer.close(reason);
  }

  #reader(partition: number, options: { isFollower: boolean; signal: AbortSignal }): ChunkReader {
    return new ChunkReader(this.#connection, { topic: this.#topic, partition }, options);
  }

  async #translate<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw toKafkaFault(error, { what: this.#topic, code: this.#unavailable });
    }
  }

  async #sleep(signal: AbortSignal): Promise<void> {
    await sleep(behindPauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Streams share a connection's metadata; each has links of its own for what it writes and for each follower. */
export const openTopicStream = (
  connection: KafkaConnection,
  topic: string,
  options: TopicStreamOptions = {},
): TopicStream => new KafkaTopicStream(connection, topic, options);
