import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerLines } from './broker-lines.ts';
import type { KafkaConnection, TopicPlace } from './connect-kafka.ts';
import { askOffset, type FetchedChunk, fetchChunk, offsetOutOfRange } from './fetch-chunk.ts';
import { isVendorError } from './kafka-wire.ts';
import { abortable, retrying } from './retrying.ts';

export interface ChunkReaderOptions {
  /** Waits for records on a link of its own, which the signal cuts. */
  readonly isFollower: boolean;
  readonly signal: AbortSignal;
}

export interface ChunkRequest {
  readonly offset: number;
  /** About this many bytes; always at least one whole batch. */
  readonly maxBytes: number;
}

const longestWaitMs = 2000;
const throttledPauseMs = 100;
/** A follower outlives the restart of a broker. */
const followerPatienceMs = 60_000;

/** Fetches one partition from any offset, whoever leads it and wherever its records have holes. */
export class ChunkReader implements Disposable {
  readonly #connection: KafkaConnection;
  readonly #place: TopicPlace;
  readonly #options: ChunkReaderOptions;
  readonly #own: BrokerLines | undefined;
  readonly #hangUp = (): void => {
    const { reason } = this.#options.signal;
    this.#own?.close(reason instanceof Error ? reason : new Error(String(reason)));
  };

  constructor(connection: KafkaConnection, place: TopicPlace, options: ChunkReaderOptions) {
    this.#connection = connection;
    this.#place = place;
    this.#options = options;
    this.#own = options.isFollower ? connection.ownLines() : undefined;
    if (this.#own) options.signal.addEventListener('abort', this.#hangUp, { once: true });
  }

  /** What is there from the offset on. Nothing, and the offset itself as the next, at the end. */
  async fetch(request: ChunkRequest): Promise<FetchedChunk> {
    for (;;) {
      const chunk = await this.#retrying(() => this.#fetchOnce(request));
      if (chunk && (await this.#isWhole(chunk, request))) return chunk;
      if (!chunk) await abortable(this.#options.signal, () => sleep(throttledPauseMs));
    }
  }

  end(): Promise<number> {
    return this.#retrying(async () => askOffset(await this.#link(), this.#place, 'next'));
  }

  [Symbol.dispose](): void {
    this.#options.signal.removeEventListener('abort', this.#hangUp);
    this.#own?.close(new Error('The reader is done.'));
  }

  async #fetchOnce({ offset, maxBytes }: ChunkRequest): Promise<FetchedChunk | undefined> {
    const maxWaitMs = this.#options.isFollower ? longestWaitMs : 0;
    try {
      const chunk = await fetchChunk(await this.#link(), { ...this.#place, offset, maxBytes, maxWaitMs });
      const isHole = chunk && chunk.nextOffset === offset && offset < chunk.highWatermark;
      return isHole ? { ...chunk, nextOffset: chunk.highWatermark } : chunk;
    } catch (error) {
      if (isVendorError(error) && error.code === offsetOutOfRange) return this.#outOfRange(offset);
      throw error;
    }
  }

  /** A chunk that says all is gone up to the end is believed only when the broker says so twice. */
  async #isWhole(chunk: FetchedChunk, request: ChunkRequest): Promise<boolean> {
    if (chunk.records.length > 0 || chunk.nextOffset < chunk.highWatermark) return true;
    if (chunk.nextOffset === request.offset) return true;
    const again = await this.#retrying(() => this.#fetchOnce(request));
    return again?.records.length === 0 && again.nextOffset >= chunk.nextOffset;
  }

  /** Before the first offset kept, all is a hole; after the end, there is nothing yet. */
  async #outOfRange(offset: number): Promise<FetchedChunk> {
    const link = await this.#link();
    const first = await askOffset(link, this.#place, 'first');
    const highWatermark = await askOffset(link, this.#place, 'next');
    return { records: [], nextOffset: Math.max(offset, first), lastLoggedAt: undefined, highWatermark };
  }

  async #link() {
    const leader = await this.#connection.leaderOf(this.#place);
    return (await this.#own?.to(leader)) ?? this.#connection.sharedLink(leader);
  }

  #retrying<T>(attempt: () => Promise<T>): Promise<T> {
    const { signal, isFollower } = this.#options;
    const patienceMs = isFollower ? followerPatienceMs : this.#connection.options.patienceMs;
    return retrying({ untilMs: performance.now() + patienceMs, signal }, async () => {
      try {
        return await abortable(signal, attempt);
      } catch (error) {
        this.#connection.forget(this.#place.topic);
        throw error;
      }
    });
  }
}
