import { AppendQueue } from '../../services/adapters/kafka/append-queue.ts';
import type { FetchedChunk } from '../../services/adapters/kafka/fetch-chunk.ts';
import type { RawRecord } from '../../services/adapters/kafka/record-batches.ts';
import { abortable } from '../../services/adapters/kafka/retrying.ts';
import type { Receipt, StreamRecord } from '../../services/adapters/kafka/topic-producer.ts';
import type {
  StreamPosition,
  StreamReadOptions,
  TopicStream,
} from '../../services/adapters/kafka/topic-stream.ts';
import { type ErrorCode, HoldfastError } from '../../services/core/errors.ts';
import type { Network } from './network.ts';
import type { SimulatedProcess } from './scheduler.ts';
import type { Topic } from './topic.ts';

export interface SimulatedStreamOptions {
  readonly hasUniqueKeys: boolean;
  readonly unavailable: ErrorCode;
}

const limits = { maxQueuedBytes: 32 * 1024 * 1024, maxSendBytes: 1024 * 1024, maxSendRecords: 2048 };
const longestWaitMs = 2000;
const mostRecords = 20;

/** A process's view of a topic, with the real append queue in front of a wire that fails. Keeps a stream's promises. */
export class SimulatedTopicStream implements TopicStream {
  readonly #process: SimulatedProcess;
  readonly #network: Network;
  readonly #topic: Topic;
  readonly #options: SimulatedStreamOptions;
  readonly #queue = new AppendQueue((records) => this.#send(records), limits);
  readonly #closing = new AbortController();
  readonly #session: string;
  #keys = 0;

  constructor(process: SimulatedProcess, network: Network, topic: Topic, options: SimulatedStreamOptions) {
    this.#process = process;
    this.#network = network;
    this.#topic = topic;
    this.#options = options;
    this.#session = `${process.name}.${network.scheduler.nowMs}`;
  }

  append(records: readonly StreamRecord[]): Promise<readonly Receipt[]> {
    this.#closing.signal.throwIfAborted();
    return this.#queue.append(records);
  }

  async *read(from: StreamPosition, options?: StreamReadOptions): AsyncGenerator<readonly RawRecord[]> {
    for await (const { records } of this.readChunks(from, options)) if (records.length > 0) yield records;
  }

  async *readChunks(
    { partition, offset }: StreamPosition,
    { follow = false, signal }: StreamReadOptions = {},
  ): AsyncGenerator<FetchedChunk> {
    const ending = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    ending.throwIfAborted();
    const end = follow ? Number.POSITIVE_INFINITY : await this.end(partition);
    for (let next = offset; ; ) {
      const chunk = await abortable(ending, () => this.fetch({ partition, offset: next }));
      if (chunk.nextOffset > next) yield chunk;
      else if (follow) await this.#grown(partition, next, ending);
      next = chunk.nextOffset;
      ending.throwIfAborted();
      if (next >= end && next >= chunk.highWatermark) return;
    }
  }

  fetch({ partition, offset }: StreamPosition): Promise<FetchedChunk> {
    const most = this.#network.dice.whole(1, mostRecords);
    return this.#call(`fetch ${partition}`, () => this.#topic.fetch(partition, offset, most));
  }

  end(partition: number): Promise<number> {
    return this.#call(`end ${partition}`, () => this.#topic.end(partition));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new HoldfastError(this.#options.unavailable, { detail: 'closed' }));
    await this.#queue.drain();
  }

  /** Some partitions' records may be stored and others not, and all of it twice. */
  #send(records: readonly StreamRecord[]): Promise<readonly Receipt[]> {
    const { dice, faults } = this.#network;
    const isTorn = dice.chance(faults.torn);
    const isDoubled = dice.chance(faults.doubled);
    const left = isTorn ? new Set([dice.oneOf(records).partition]) : new Set<number>();
    return this.#call('append', () => {
      const arrived = records.filter(({ partition }) => !left.has(partition));
      const store = () =>
        arrived.map((record) => this.#topic.store({ ...record, key: this.#nameKey(record.key) }));
      if (isDoubled) store();
      const receipts = store();
      if (isTorn) throw new HoldfastError(this.#options.unavailable, { detail: 'simulated: torn' });
      return receipts;
    });
  }

  #nameKey(key: StreamRecord['key']): StreamRecord['key'] {
    if (!this.#options.hasUniqueKeys || typeof key !== 'string' || key === '') return key;
    return `${key}\0${this.#session}.${this.#keys++}`;
  }

  async #grown(partition: number, from: number, signal: AbortSignal): Promise<void> {
    const { scheduler, dice } = this.#network;
    const grown = () =>
      new Promise<void>((resolve) => {
        const wake = () => scheduler.after(dice.latencyMs(), 'grown', resolve, this.#process);
        if (this.#topic.end(partition) > from) return wake();
        this.#topic.whenGrown(wake);
        scheduler.after(longestWaitMs, 'waited', resolve, this.#process);
      });
    await abortable(signal, grown);
  }

  #call<T>(what: string, effect: () => T): Promise<T> {
    this.#closing.signal.throwIfAborted();
    const label = `${what} ${this.#topic.name}`;
    return this.#network.call(this.#process, { label, unavailable: this.#options.unavailable }, effect);
  }
}
