import { HoldfastError } from '../../core/errors.ts';
import type { PlacedRecord, SlotReceipt } from './log-store.ts';

export interface QueueLimits {
  /** Bytes that may wait or be in flight; what exceeds them is refused. */
  readonly maxQueuedBytes: number;
  /** A commit takes whole requests until it holds this much. */
  readonly maxCommitBytes: number;
  readonly maxCommitRecords: number;
}

/** What became of a request: for each of its records, the offset and the time. */
export interface RecordReceipt {
  readonly offset: number;
  readonly loggedAt: Date;
}

interface Request {
  readonly records: readonly PlacedRecord[];
  readonly bytes: number;
  resolve(receipts: readonly RecordReceipt[]): void;
  reject(error: unknown): void;
}

type Commit = (records: readonly PlacedRecord[]) => Promise<readonly SlotReceipt[]>;

/** Memory a waiting record takes besides its value, roughly. */
const recordOverheadBytes = 200;

/**
 * Coalesces appends: one commit in flight, all that came meanwhile goes into the next. So a commit's disk flush is
 * shared by every writer that waits, and none overtakes another.
 */
export class AppendQueue {
  readonly #commit: Commit;
  readonly #limits: QueueLimits;
  #requests: Request[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | undefined;

  constructor(commit: Commit, limits: QueueLimits) {
    this.#commit = commit;
    this.#limits = limits;
  }

  append(records: readonly PlacedRecord[]): Promise<readonly RecordReceipt[]> {
    const bytes = records.reduce((sum, { value }) => sum + value.byteLength + recordOverheadBytes, 0);
    this.#admit(bytes);
    this.#queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#requests.push({ records, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#running;
  }

  #admit(bytes: number): void {
    const { maxQueuedBytes } = this.#limits;
    if (bytes > maxQueuedBytes) {
      throw new HoldfastError('TooLarge', {
        detail: `One append is at most ${maxQueuedBytes} bytes; this one has ${bytes}.`,
        maxBytes: maxQueuedBytes,
      });
    }
    if (this.#queuedBytes + bytes > maxQueuedBytes) {
      throw new HoldfastError('Overloaded', {
        detail: `${this.#queuedBytes} bytes wait for the disk; at most ${maxQueuedBytes} may.`,
      });
    }
  }

  async #run(): Promise<void> {
    while (this.#requests.length > 0) {
      // Writers woken by the last commit append again in this turn; they belong into this commit.
      await nextTurn();
      await this.#commitBatch(this.#take());
    }
    this.#running = undefined;
  }

  #take(): readonly Request[] {
    let bytes = 0;
    let records = 0;
    const { maxCommitBytes, maxCommitRecords } = this.#limits;
    const end = this.#requests.findIndex((request) => {
      bytes += request.bytes;
      records += request.records.length;
      return bytes > maxCommitBytes || records > maxCommitRecords;
    });
    return this.#requests.splice(0, end === -1 ? this.#requests.length : Math.max(end, 1));
  }

  async #commitBatch(batch: readonly Request[]): Promise<void> {
    try {
      const receipts = await this.#commit(batch.flatMap(({ records }) => records));
      settle(batch, receipts);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      for (const { bytes } of batch) this.#queuedBytes -= bytes;
    }
  }
}

const settle = (batch: readonly Request[], receipts: readonly SlotReceipt[]): void => {
  const cursors = new Map(
    receipts.map(({ slot, firstOffset, loggedAtMs }) => [
      slot,
      { next: firstOffset, loggedAt: new Date(loggedAtMs) },
    ]),
  );
  for (const { records, resolve } of batch) {
    resolve(
      records.map(({ slot }) => {
        const cursor = cursors.get(slot)!;
        return { offset: cursor.next++, loggedAt: cursor.loggedAt };
      }),
    );
  }
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
