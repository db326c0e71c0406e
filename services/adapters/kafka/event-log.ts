import { partitionOf } from '../../core/conversation/partition.ts';
import { assertLoggable } from '../../core/conversation/record-limits.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  AppendedRecord,
  EraseReceipt,
  EventLog,
  LoggedRecord,
  NewRecord,
  Position,
  ReadOptions,
  StreamName,
} from '../../ports/event-log.ts';
import type { KafkaConnection } from './connect-kafka.ts';
import { Erasures, type ErasuresOptions, readErasureTimes } from './erasures.ts';
import { getRecords } from './get-records.ts';
import { batchesOf, type FillerOptions, HoleFiller } from './hole-filler.ts';
import { toKafkaFault } from './kafka-fault.ts';
import { topicNames } from './topic-names.ts';
import { openTopicStream, type TopicStream } from './topic-stream.ts';

export interface KafkaEventLogOptions {
  /** Stays the caller's: the log does not close it. */
  readonly connection: KafkaConnection;
  /** 32 hex digits, in every topic's name. */
  readonly installation: string;
  readonly partitions: Readonly<Record<StreamName, number>>;
  readonly clock: Clock;
  /** Bytes of appends that may wait, for each stream; default 32 MiB. Beyond it `Overloaded`. */
  readonly maxQueuedBytes?: number;
  /** How long an append may go unacknowledged; default 30,000. Then `LogUnavailable`: it may be stored or not. */
  readonly appendDeadlineMs?: number;
  /** What compaction itself may take, besides the waits the topic's settings prescribe; default one hour. */
  readonly eraseAllowanceMs?: number;
}

const generation = 1;
const streamNames: readonly StreamName[] = ['im', 'governance', 'audit'];
const defaultRead = { maxRecords: 1000, maxBytes: 2 * 1024 * 1024 };
const fetchBytes = { least: 64 * 1024, most: 2 * 1024 * 1024 };

export interface KafkaEventLogParts {
  readonly partitions: Readonly<Record<StreamName, number>>;
  /** Are the log's own from then on: it closes them. */
  readonly streams: Readonly<Record<StreamName, TopicStream>>;
  readonly erasures: Omit<ErasuresOptions, 'stream' | 'signal'>;
}

/** The log in Kafka: a topic for each stream. Only `im` is compacted, so only there anything can be erased. */
export class KafkaEventLog implements EventLog {
  readonly partitions: Readonly<Record<StreamName, number>>;
  readonly #streams: Readonly<Record<StreamName, TopicStream>>;
  readonly #erasures: Erasures;
  readonly #closing = new AbortController();

  constructor({ partitions, streams, erasures }: KafkaEventLogParts) {
    this.partitions = partitions;
    this.#streams = streams;
    this.#erasures = new Erasures({ ...erasures, stream: streams.im, signal: this.#closing.signal });
  }

  async append(stream: StreamName, records: readonly NewRecord[]): Promise<readonly AppendedRecord[]> {
    this.#closing.signal.throwIfAborted();
    const placed = records.map((record) => {
      assertLoggable(record);
      return { ...record, partition: partitionOf(record.key, this.partitions[stream]) };
    });
    const receipts = await this.#streams[stream].append(placed);
    return receipts.map(({ offset, loggedAt }, index) => {
      return { position: { stream, generation, partition: placed[index]!.partition, offset }, loggedAt };
    });
  }

  async *read(
    from: Position,
    options: ReadOptions = {},
  ): AsyncGenerator<readonly LoggedRecord[], void, void> {
    const stream = this.#streamOf(from);
    const { maxRecords = defaultRead.maxRecords, maxBytes = defaultRead.maxBytes } = options;
    const { follow, signal } = options;
    const filler = new HoleFiller(from, this.#knownOf(from));
    const chunks = stream.readChunks(from, {
      maxBytes: Math.min(Math.max(maxBytes, fetchBytes.least), fetchBytes.most),
      ...(follow === undefined ? {} : { follow }),
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const chunk of chunks) {
      for (const batch of batchesOf(filler.take(chunk), { maxRecords, maxBytes })) {
        signal?.throwIfAborted();
        yield batch;
      }
    }
  }

  async get(positions: readonly Position[]): Promise<readonly (LoggedRecord | undefined)[]> {
    for (const position of positions) this.#streamOf(position);
    const places = Map.groupBy(positions, (position) => this.#placeOf(position));
    const found = await Promise.all(
      [...places].map(async ([place, its]) => {
        return [
          place,
          await this.#getFrom(
            its[0]!,
            its.map(({ offset }) => offset),
          ),
        ] as const;
      }),
    );
    const byPlace = new Map(found);
    return positions.map((position) => byPlace.get(this.#placeOf(position))?.get(position.offset));
  }

  async end(stream: StreamName, partition: number): Promise<number> {
    return this.#streamOf({ stream, generation, partition }).end(partition);
  }

  async erase(positions: readonly Position[]): Promise<EraseReceipt> {
    this.#closing.signal.throwIfAborted();
    for (const position of positions) {
      this.#streamOf(position);
      if (position.stream === 'im') continue;
      throw new HoldfastError('BadRequest', {
        detail: `The ${position.stream} stream is a record of what was done: nothing in it can be erased.`,
      });
    }
    try {
      return await this.#erasures.erase(positions);
    } catch (error) {
      throw toKafkaFault(error, { what: 'The erasure could not be begun' });
    }
  }

  /** Appends that wait are sent first, or fail at their deadline. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new HoldfastError('LogUnavailable', { detail: 'The event log is closed.' }));
    await Promise.all(streamNames.map((name) => this.#streams[name][Symbol.asyncDispose]()));
  }

  async #getFrom(place: Position, offsets: readonly number[]): Promise<ReadonlyMap<number, LoggedRecord>> {
    try {
      return await getRecords(this.#streamOf(place), place, { offsets, ...this.#knownOf(place) });
    } catch (error) {
      throw toKafkaFault(error, { what: `The ${place.stream} stream` });
    }
  }

  #knownOf({ stream, partition }: Omit<Position, 'offset'>): FillerOptions {
    return { isErased: (offset) => stream === 'im' && this.#erasures.isPending(partition, offset) };
  }

  #placeOf({ stream, partition }: Position): string {
    return `${stream}-${partition}`;
  }

  #streamOf(place: Omit<Position, 'offset'>): TopicStream {
    this.#closing.signal.throwIfAborted();
    const { stream, partition } = place;
    const isKnown =
      Number.isInteger(partition) && partition >= 0 && partition < (this.partitions[stream] ?? 0);
    if (isKnown && place.generation === generation) return this.#streams[stream];
    throw new HoldfastError('NotFound', {
      detail: `The log has no partition ${stream}_${place.generation}_${partition}.`,
    });
  }
}

/** The topics must be there: `ensureTopics` makes and checks them. */
export const openKafkaEventLog = (options: KafkaEventLogOptions): EventLog => {
  const { connection, installation, partitions, clock, maxQueuedBytes, appendDeadlineMs } = options;
  const open = (stream: StreamName) =>
    openTopicStream(connection, topicNames.stream(installation, stream, generation), {
      hasUniqueKeys: true,
      ...(appendDeadlineMs === undefined ? {} : { appendDeadlineMs }),
      ...(maxQueuedBytes === undefined ? {} : { limits: { maxQueuedBytes } }),
    });
  const topic = topicNames.stream(installation, 'im', generation);
  const times = () => readErasureTimes(connection, topic, options.eraseAllowanceMs ?? 3_600_000);
  return new KafkaEventLog({
    partitions,
    streams: { im: open('im'), governance: open('governance'), audit: open('audit') },
    erasures: { topic, times, clock },
  });
};
