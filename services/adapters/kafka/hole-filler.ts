import type { LoggedRecord, Position } from '../../ports/event-log.ts';
import type { FetchedChunk } from './fetch-chunk.ts';
import type { RawRecord } from './record-batches.ts';

/** What a reader may know of an offset's value besides what the topic says. */
export interface FillerOptions {
  /** Erased by this process, though the topic may still hold it. */
  isErased(offset: number): boolean;
}

/**
 * Makes the offsets of a compacted partition dense again: each reads as exactly one record, one that compaction took
 * as empty, at the time of the next record there is. So holes wait for what comes after them; only at the end of the
 * partition they get the time of what came before.
 */
export class HoleFiller {
  readonly #from: Position;
  readonly #options: FillerOptions;
  #next: number;
  #lastLoggedAt = new Date(0);

  constructor(from: Position, options: FillerOptions) {
    this.#from = from;
    this.#options = options;
    this.#next = from.offset;
  }

  /** The records of the next chunk, and of the holes before them. */
  *take(chunk: FetchedChunk): Generator<LoggedRecord, void, void> {
    for (const record of chunk.records) {
      yield* this.#holesUntil(record.offset, record.loggedAt);
      yield this.#logged(record);
      this.#next = record.offset + 1;
    }
    this.#lastLoggedAt = chunk.lastLoggedAt ?? this.#lastLoggedAt;
    if (chunk.nextOffset >= chunk.highWatermark)
      yield* this.#holesUntil(chunk.nextOffset, this.#lastLoggedAt);
  }

  *#holesUntil(offset: number, loggedAt: Date): Generator<LoggedRecord, void, void> {
    for (; this.#next < offset; this.#next++) {
      yield { position: { ...this.#from, offset: this.#next }, loggedAt, key: '', value: null };
    }
  }

  #logged({ offset, loggedAt, key, value }: RawRecord): LoggedRecord {
    const position = { ...this.#from, offset };
    const known = { position, loggedAt, key: key.split('\0', 1)[0]! };
    if (value === null) return { ...known, value, control: true };
    return { ...known, value: this.#options.isErased(offset) ? null : value };
  }
}

/** Cuts what comes into batches of at most so many records and about so many bytes. */
export function* batchesOf(
  records: Iterable<LoggedRecord>,
  { maxRecords, maxBytes }: { readonly maxRecords: number; readonly maxBytes: number },
): Generator<readonly LoggedRecord[], void, void> {
  let batch: LoggedRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    batch.push(record);
    bytes += record.value?.byteLength ?? 0;
    if (batch.length < maxRecords && bytes < maxBytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
