import { EventEmitter, once } from 'node:events';
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

export interface MemoryEventLogOptions {
  readonly clock: Clock;
  readonly partitions?: Readonly<Record<StreamName, number>>;
  /** Bytes of appends that may wait; default 32 MiB. */
  readonly maxQueuedBytes?: number;
}

const generation = 1;

/** A log that lasts as long as the object: for tests and simulations. Keeps every promise but durability. */
export class MemoryEventLog implements EventLog {
  readonly partitions: Readonly<Record<StreamName, number>>;
  readonly #clock: Clock;
  readonly #maxQueuedBytes: number;
  readonly #records: Readonly<Record<StreamName, readonly LoggedRecord[][]>>;
  readonly #growth = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  #queuedBytes = 0;
  #lastAppend: Promise<unknown> = Promise.resolve();

  constructor(options: MemoryEventLogOptions) {
    this.#clock = options.clock;
    this.partitions = options.partitions ?? { im: 4, governance: 1, audit: 1 };
    this.#maxQueuedBytes = options.maxQueuedBytes ?? 32 * 1024 * 1024;
    const empty = (stream: StreamName) => Array.from({ length: this.partitions[stream] }, () => []);
    this.#records = { im: empty('im'), governance: empty('governance'), audit: empty('audit') };
  }

  async append(stream: StreamName, records: readonly NewRecord[]): Promise<readonly AppendedRecord[]> {
    this.#closing.signal.throwIfAborted();
    for (const record of records) assertLoggable(record);
    const bytes = records.reduce((sum, { value }) => sum + value.byteLength, 0);
    this.#admit(bytes);
    this.#queuedBytes += bytes;
    // As in a log on disk, nothing is stored before the caller's turn ends.
    const stored = this.#lastAppend.then(() => records.map((record) => this.#store(stream, record)));
    this.#lastAppend = stored;
    try {
      return await stored;
    } finally {
      this.#queuedBytes -= bytes;
    }
  }

  async *read(
    from: Position,
    options: ReadOptions = {},
  ): AsyncGenerator<readonly LoggedRecord[], void, void> {
    const records = this.#recordsOf(from);
    const { maxRecords = 1000, maxBytes = 2 * 1024 * 1024, signal } = options;
    const ending = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    for (let offset = from.offset; ; ) {
      ending.throwIfAborted();
      const batch = takeBatch(records.slice(offset, offset + maxRecords), maxBytes);
      if (batch.length > 0) {
        yield batch;
        offset += batch.length;
      } else if (options.follow) await this.#grown(from, ending);
      else return;
    }
  }

  async get(positions: readonly Position[]): Promise<readonly (LoggedRecord | undefined)[]> {
    this.#closing.signal.throwIfAborted();
    return positions.map((position) => this.#recordsOf(position)[position.offset]);
  }

  async end(stream: StreamName, partition: number): Promise<number> {
    this.#closing.signal.throwIfAborted();
    return this.#recordsOf({ stream, generation, partition }).length;
  }

  async erase(positions: readonly Position[]): Promise<EraseReceipt> {
    this.#closing.signal.throwIfAborted();
    for (const position of positions) {
      const records = this.#recordsOf(position);
      const record = records[position.offset];
      if (record) records[position.offset] = { ...record, value: null };
    }
    return { deadline: this.#clock.now(), erased: Promise.resolve() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lastAppend;
    this.#closing.abort(new HoldfastError('LogUnavailable', { detail: 'The event log is closed.' }));
  }

  #admit(bytes: number): void {
    const maxBytes = this.#maxQueuedBytes;
    if (bytes > maxBytes) {
      throw new HoldfastError('TooLarge', { detail: `One append is at most ${maxBytes} bytes.`, maxBytes });
    }
    if (this.#queuedBytes + bytes > maxBytes) {
      throw new HoldfastError('Overloaded', { detail: `At most ${maxBytes} bytes may wait.` });
    }
  }

  #store(stream: StreamName, { key, value }: NewRecord): AppendedRecord {
    const partition = partitionOf(key, this.partitions[stream]);
    const records = this.#records[stream][partition]!;
    const position = { stream, generation, partition, offset: records.length };
    const nowMs = this.#clock.now().getTime();
    const loggedAt = new Date(Math.max(nowMs, records.at(-1)?.loggedAt.getTime() ?? nowMs));
    records.push({ position, loggedAt, key, value: Uint8Array.from(value) });
    this.#growth.emit(`${stream}-${partition}`);
    return { position, loggedAt };
  }

  async #grown({ stream, partition }: Position, ending: AbortSignal): Promise<void> {
    try {
      await once(this.#growth, `${stream}-${partition}`, { signal: ending });
    } catch (error) {
      ending.throwIfAborted();
      throw error;
    }
  }

  #recordsOf(place: Omit<Position, 'offset'>): LoggedRecord[] {
    const records = this.#records[place.stream][place.partition];
    if (records && place.generation === generation) return records;
    const { stream, partition } = place;
    throw new HoldfastError('NotFound', {
      detail: `The log has no partition ${stream}_${place.generation}_${partition}.`,
    });
  }
}

const takeBatch = (records: readonly LoggedRecord[], maxBytes: number): readonly LoggedRecord[] => {
  let bytes = 0;
  const full = records.findIndex(({ value }) => {
    bytes += value?.byteLength ?? 0;
    return bytes >= maxBytes;
  });
  return full === -1 ? records : records.slice(0, full + 1);
};
