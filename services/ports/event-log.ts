/** Streams of the log. `im` is data; `governance` and `audit` have one partition and never expire. */
export type StreamName = 'im' | 'governance' | 'audit';

/** A place in the log. Only generation 1 exists so far; four parts from the first day. */
export interface Position {
  readonly stream: StreamName;
  readonly generation: number;
  readonly partition: number;
  readonly offset: number;
}

export interface NewRecord {
  /** Conversation id (or another stable key); the partition is murmur2(key) mod partitions. */
  readonly key: string;
  /** At most 1 MiB. Stored as is, never re-serialised. */
  readonly value: Uint8Array;
}

export interface AppendedRecord {
  readonly position: Position;
  readonly loggedAt: Date;
}

export interface LoggedRecord extends AppendedRecord {
  /** Empty where an engine no longer knows it: the record was erased. */
  readonly key: string;
  /** `null` once erased; the offset stays, so that ranges stay dense. */
  readonly value: Uint8Array | null;
  /** Written by the log itself (a mark of an erasure): nobody's event, its value is null. */
  readonly control?: true;
}

export interface EraseReceipt {
  /** Until when the bytes are gone from every file of the log, readers or not. */
  readonly deadline: Date;
  /** Resolves when a check found the bytes gone; rejects if the deadline passed first. */
  readonly erased: Promise<void>;
}

export interface ReadOptions {
  /** Keep waiting for new records instead of ending at the end of the stream. */
  readonly follow?: boolean;
  /** At most this many records a batch (default 1000) and about this many bytes of values (default 2 MiB). */
  readonly maxRecords?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * Named streams of partitions.
 *
 * Promises: an append that resolved is durable and survives SIGKILL of any process; a batch is appended in the
 * order given, offsets ascending and never reused, each read as one record, the log's own control records among them;
 * `loggedAt` is monotone per partition; reading is
 * ordered within a partition and at least once. Rejected appends (`Overloaded`, `LogFull`, `LogUnavailable`)
 * may be repeated; whether a record of a `LogUnavailable` append was stored is unknown, so ids deduplicate.
 *
 * The caller must give every record a key, may call `append` concurrently (the log coalesces), and must await
 * appends: what is queued beyond the log's memory bound is refused with `Overloaded`, and an append that alone is
 * beyond it with `TooLarge`. The values must not change until the append resolved.
 */
export interface EventLog extends AsyncDisposable {
  readonly partitions: Readonly<Record<StreamName, number>>;
  append(stream: StreamName, records: readonly NewRecord[]): Promise<readonly AppendedRecord[]>;
  /**
   * Batches from `from` on, in order. Ends at the end of the stream as of the last read unless `follow`; rejects with
   * the signal's reason when aborted, with `LogUnavailable` when the log is closed meanwhile.
   */
  read(from: Position, options?: ReadOptions): AsyncIterable<readonly LoggedRecord[]>;
  /** The records at these positions, in the order asked; `undefined` where none was ever logged. */
  get(positions: readonly Position[]): Promise<readonly (LoggedRecord | undefined)[]>;
  /** The offset the next record of this partition will get; 0 when empty. */
  end(stream: StreamName, partition: number): Promise<number>;
  /** Only ranges already in the ledger may be erased, and only the deletion gate calls this. */
  erase(positions: readonly Position[]): Promise<EraseReceipt>;
}
