import type { FetchedChunk } from '../../services/adapters/kafka/fetch-chunk.ts';
import type { RawRecord } from '../../services/adapters/kafka/record-batches.ts';
import type { Receipt, StreamRecord } from '../../services/adapters/kafka/topic-producer.ts';
import { engineTime } from './network.ts';
import type { Scheduler } from './scheduler.ts';

/** What a broker keeps of a topic: records by offset, with holes where compaction took them. */
export class Topic {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #partitions = new Map<number, (RawRecord | undefined)[]>();
  readonly #waiting = new Set<() => void>();
  /** Told of every record as it is stored. */
  onStored: (partition: number, record: RawRecord) => void = () => undefined;

  constructor(name: string, scheduler: Scheduler) {
    this.name = name;
    this.#scheduler = scheduler;
  }

  end(partition: number): number {
    return this.#records(partition).length;
  }

  at(partition: number, offset: number): RawRecord | undefined {
    return this.#records(partition)[offset];
  }

  store({ partition, key, value }: StreamRecord): Receipt {
    const records = this.#records(partition);
    const loggedAt = engineTime(this.#scheduler);
    const keyBytes = typeof key === 'string' ? Buffer.from(key) : key;
    const offset = records.length;
    const kept = value === null ? null : Uint8Array.from(value);
    const record = { offset, loggedAt, key: Buffer.from(keyBytes).toString(), keyBytes, value: kept };
    records.push(record);
    this.onStored(partition, record);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    return { offset, loggedAt };
  }

  /** At most so many records from an offset on. */
  fetch(partition: number, offset: number, most: number): FetchedChunk {
    const records = this.#records(partition);
    const looked = records.slice(offset, offset + most);
    const nextOffset = Math.max(offset, Math.min(offset + most, records.length));
    const found = looked.filter((record) => record !== undefined);
    return {
      records: found,
      nextOffset,
      lastLoggedAt: found.at(-1)?.loggedAt,
      highWatermark: records.length,
    };
  }

  /** Called once when something more was stored. */
  whenGrown(wake: () => void): void {
    this.#waiting.add(wake);
  }

  /** As a log cleaner: of each key only the newest record stays; marks go once they are this old. */
  compact(partition: number, marksExpireMs: number): void {
    const records = this.#records(partition);
    const newest = new Map<string, number>();
    for (const record of records) if (record !== undefined) newest.set(record.key, record.offset);
    const nowMs = engineTime(this.#scheduler).getTime();
    for (const record of records) {
      // The newest segment is left alone.
      if (record === undefined || record.offset === records.length - 1) continue;
      const isOld = record.value === null && nowMs - record.loggedAt.getTime() > marksExpireMs;
      if (record.key !== '' && (newest.get(record.key) !== record.offset || isOld))
        records[record.offset] = undefined;
    }
  }

  #records(partition: number): (RawRecord | undefined)[] {
    const records = this.#partitions.get(partition) ?? [];
    this.#partitions.set(partition, records);
    return records;
  }
}
