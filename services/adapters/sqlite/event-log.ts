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
import { AppendQueue } from './append-queue.ts';
import { confirmErasure } from './confirm-erasure.ts';
import { type ConnectionOptions, isReadOnly } from './connection.ts';
import { followGrowth, type GrowthFollower } from './follow-growth.ts';
import type { LogEngine } from './log-engine.ts';
import { LogGrowth } from './log-growth.ts';
import { generation, type Place, placeOf, type Slot, slotFinder, slotsOf } from './log-slots.ts';
import type { StoredRecord } from './log-store.ts';

export interface EventLogLimits {
  /** Bytes of appends that may wait; default 32 MiB. Beyond it `Overloaded`. */
  readonly maxQueuedBytes: number;
  /** What one commit takes at most; default 2 MiB and 1024 records. A single append is never split. */
  readonly maxCommitBytes: number;
  readonly maxCommitRecords: number;
  /** How long an erasure may take to be confirmed; default 60 s. */
  readonly eraseDeadlineMs: number;
}

export interface SqliteEventLogOptions extends ConnectionOptions {
  readonly path: string;
  readonly partitions: Readonly<Record<StreamName, number>>;
  readonly clock: Clock;
  readonly limits?: Partial<EventLogLimits>;
}

const defaultLimits: EventLogLimits = {
  maxQueuedBytes: 32 * 1024 * 1024,
  maxCommitBytes: 2 * 1024 * 1024,
  maxCommitRecords: 1024,
  eraseDeadlineMs: 60_000,
};

const defaultRead = { maxRecords: 1000, maxBytes: 2 * 1024 * 1024 };

/** The log over an engine that stores it, in this thread or another. */
export class SqliteEventLog implements EventLog {
  readonly partitions: Readonly<Record<StreamName, number>>;
  readonly #options: SqliteEventLogOptions;
  readonly #limits: EventLogLimits;
  readonly #engine: LogEngine;
  readonly #findSlot: (slot: Slot) => number;
  readonly #queue: AppendQueue;
  readonly #growth: LogGrowth;
  readonly #closing = new AbortController();

  constructor(engine: LogEngine, options: SqliteEventLogOptions) {
    this.partitions = options.partitions;
    this.#engine = engine;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#findSlot = slotFinder(slotsOf(options.partitions));
    this.#growth = new LogGrowth(options.path);
    this.#queue = new AppendQueue(
      (records) => engine.commit(records, options.clock.now().getTime()),
      this.#limits,
    );
  }

  async append(stream: StreamName, records: readonly NewRecord[]): Promise<readonly AppendedRecord[]> {
    this.#assertWritable();
    if (records.length === 0) return [];
    const partitions = records.map((record) => {
      assertLoggable(record);
      return partitionOf(record.key, this.partitions[stream]);
    });
    const placed = records.map(({ key, value }, index) => {
      return { slot: this.#findSlot({ stream, generation, partition: partitions[index]! }), key, value };
    });
    const receipts = await this.#queue.append(placed);
    return receipts.map(({ offset, loggedAt }, index) => {
      return { position: { stream, generation, partition: partitions[index]!, offset }, loggedAt };
    });
  }

  async *read(
    from: Position,
    options: ReadOptions = {},
  ): AsyncGenerator<readonly LoggedRecord[], void, void> {
    const slot = this.#findSlot(from);
    const { maxRecords = defaultRead.maxRecords, maxBytes = defaultRead.maxBytes, signal } = options;
    using follower = options.follow ? this.#follow(slot, signal) : undefined;
    for (let fromOffset = from.offset; ; ) {
      signal?.throwIfAborted();
      follower?.reset();
      const stored = await this.#engine.read({ slot, fromOffset, maxRecords, maxBytes });
      if (stored.length > 0) {
        yield stored.map((record, index) => toLogged({ ...from, offset: fromOffset + index }, record));
        fromOffset += stored.length;
      } else if (follower) await follower.grown();
      else return;
    }
  }

  async get(positions: readonly Position[]): Promise<readonly (LoggedRecord | undefined)[]> {
    const places = this.#placesOf(positions);
    const stored = await this.#engine.get(places);
    return stored.map((record, index) => record && toLogged(positions[index]!, record));
  }

  async end(stream: StreamName, partition: number): Promise<number> {
    const slot = this.#findSlot({ stream, generation, partition });
    return this.#engine.end(slot);
  }

  async erase(positions: readonly Position[]): Promise<EraseReceipt> {
    this.#assertWritable();
    const places = this.#placesOf(positions);
    await this.#engine.erase(places);
    return confirmErasure({
      clock: this.#options.clock,
      deadlineMs: this.#limits.eraseDeadlineMs,
      signal: this.#closing.signal,
      isErased: () => this.#engine.confirmErased(places),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(this.#unavailable());
    await this.#queue.drain();
    this.#growth.close();
    await this.#engine[Symbol.asyncDispose]();
  }

  #follow(slot: number, signal: AbortSignal | undefined): GrowthFollower {
    const closing = this.#closing.signal;
    return followGrowth(this.#growth, slot, signal ? AbortSignal.any([signal, closing]) : closing);
  }

  #placesOf(positions: readonly Position[]): readonly Place[] {
    return positions.map((position) => placeOf(this.#findSlot, position));
  }

  #assertWritable(): void {
    this.#closing.signal.throwIfAborted();
    if (isReadOnly(this.#options)) throw new HoldfastError('ReadOnly');
  }

  #unavailable(): HoldfastError {
    return new HoldfastError('LogUnavailable', { detail: 'The event log is closed.' });
  }
}

const toLogged = (position: Position, record: StoredRecord): LoggedRecord => ({
  position,
  loggedAt: new Date(record.loggedAtMs),
  key: record.key,
  value: record.value,
});
