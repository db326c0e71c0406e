import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { PartitionName } from '../ports/ledger.ts';

/**
 * Reads a partition of the log once from its beginning to its end, a range at a time: ranges are short, and a read
 * begun for each of them would fetch what follows it again and again.
 */
export class LogCursor implements AsyncDisposable {
  readonly #log: Pick<EventLog, 'read'>;
  readonly #partition: PartitionName;
  #batches: AsyncIterator<readonly LoggedRecord[]> | undefined;
  #batch: readonly LoggedRecord[] = [];
  #at = 0;

  constructor(log: Pick<EventLog, 'read'>, partition: PartitionName) {
    this.#log = log;
    this.#partition = partition;
  }

  /** The records of offsets `from` to `to` (exclusive), each at its place; undefined where the log has none. */
  async take(from: number, to: number): Promise<readonly (LoggedRecord | undefined)[]> {
    const records: (LoggedRecord | undefined)[] = [];
    for (let offset = from; offset < to; offset += 1) {
      const next = await this.#nextFrom(offset);
      if (next === undefined) break;
      records.push(next.position.offset === offset ? next : undefined);
    }
    return records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#batches?.return?.();
  }

  /** A log that had ended may have grown meanwhile. */
  async #nextFrom(offset: number): Promise<LoggedRecord | undefined> {
    for (let isBegunHere = false; ; ) {
      while (this.#at < this.#batch.length && this.#batch[this.#at]!.position.offset < offset) this.#at += 1;
      const next = this.#batch[this.#at];
      if (next !== undefined) return next;
      const read = await this.#batches?.next();
      this.#at = 0;
      this.#batch = read === undefined || read.done === true ? [] : read.value;
      if (this.#batch.length > 0) continue;
      if (isBegunHere) return undefined;
      isBegunHere = true;
      this.#batches = this.#log.read({ ...this.#partition, offset })[Symbol.asyncIterator]();
    }
  }
}
