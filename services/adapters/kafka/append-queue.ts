import { HoldfastError } from '../../core/errors.ts';
import type { Receipt, StreamRecord } from './topic-producer.ts';

export interface QueueLimits {
  /** Bytes that may wait or be in flight; what exceeds them is refused. */
  readonly maxQueuedBytes: number;
  /** A send takes whole appends until it holds this much; a larger append is sent in parts. */
  readonly maxSendBytes: number;
  readonly maxSendRecords: number;
}

/** Sends records, all of them or with an error; never called again before it settled. */
type Send = (records: readonly StreamRecord[], queuedAtMs: number) => Promise<readonly Receipt[]>;

interface Request {
  readonly records: readonly StreamRecord[];
  readonly bytes: number;
  readonly queuedAtMs: number;
  resolve(receipts: readonly Receipt[]): void;
  reject(error: unknown): void;
}

/** Memory a waiting record takes besides key and value, roughly. */
const recordOverheadBytes = 200;

const sizeOf = ({ key, value }: StreamRecord): number =>
  key.length + (value?.byteLength ?? 0) + recordOverheadBytes;

/** One send in flight; what is appended meanwhile goes into the next. Sends that overlap would lose records. */
export class AppendQueue {
  readonly #send: Send;
  readonly #limits: QueueLimits;
  #requests: Request[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | undefined;

  constructor(send: Send, limits: QueueLimits) {
    this.#send = send;
    this.#limits = limits;
  }

  append(records: readonly StreamRecord[]): Promise<readonly Receipt[]> {
    const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
    this.#admit(bytes);
    this.#queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#requests.push({ records, bytes, queuedAtMs: performance.now(), resolve, reject });
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
        detail: `${this.#queuedBytes} bytes wait for Kafka; at most ${maxQueuedBytes} may.`,
      });
    }
  }

  async #run(): Promise<void> {
    while (this.#requests.length > 0) {
      // Writers woken by the last answer append again in this turn; they belong into this send.
      await nextTurn();
      await this.#sendTogether(this.#take());
    }
    this.#running = undefined;
  }

  #take(): readonly Request[] {
    const { maxSendBytes, maxSendRecords } = this.#limits;
    let bytes = 0;
    let records = 0;
    const end = this.#requests.findIndex((request) => {
      bytes += request.bytes;
      records += request.records.length;
      return bytes > maxSendBytes || records > maxSendRecords;
    });
    return this.#requests.splice(0, end === -1 ? this.#requests.length : Math.max(end, 1));
  }

  async #sendTogether(batch: readonly Request[]): Promise<void> {
    const queuedAtMs = batch[0]!.queuedAtMs;
    try {
      const receipts: Receipt[] = [];
      for (const part of partsOf(
        batch.flatMap(({ records }) => records),
        this.#limits,
      )) {
        receipts.push(...(await this.#send(part, queuedAtMs)));
      }
      for (const { records, resolve } of batch) resolve(receipts.splice(0, records.length));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      for (const { bytes } of batch) this.#queuedBytes -= bytes;
    }
  }
}

/** Only an append that alone is over the limits has more than one part. */
function* partsOf(records: readonly StreamRecord[], limits: QueueLimits): Generator<readonly StreamRecord[]> {
  let part: StreamRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const isFull = bytes + sizeOf(record) > limits.maxSendBytes || part.length === limits.maxSendRecords;
    if (isFull && part.length > 0) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += sizeOf(record);
  }
  if (part.length > 0) yield part;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
