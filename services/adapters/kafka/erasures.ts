import { HoldfastError, isHoldfastError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EraseReceipt } from '../../ports/event-log.ts';
import type { KafkaConnection } from './connect-kafka.ts';
import type { RawRecord } from './record-batches.ts';
import { describeTopics } from './topic-administration.ts';
import type { TopicStream } from './topic-stream.ts';

export interface ErasuresOptions {
  /** The topic's name, for people. */
  readonly topic: string;
  readonly stream: TopicStream;
  readonly times: () => Promise<ErasureTimes>;
  readonly clock: Clock;
  /** Aborted when the log closes. */
  readonly signal: AbortSignal;
}

/** Waits between an erasure and the last copy's end, as the topic is set. */
export interface ErasureTimes {
  /** Until a further record closes the segment that holds the mark. */
  readonly segmentMs: number;
  readonly deadlineMs: number;
  /** Until a file that compaction replaced is deleted, counted from when the replaced records are no longer read. */
  readonly fileDeleteMs: number;
}

interface Marked {
  readonly partition: number;
  readonly offsets: readonly number[];
  /** Log time of the newest mark. */
  readonly markedAt: Date;
}

const fetchBytes = 128 * 1024;
const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** Clocks of the broker's threads tick apart. */
const marginMs = 100;
/** A broker serves the compacted files before it has put the old ones aside, and a thread of its deletes them later. */
const fileMarginMs = 2000;

/**
 * Erasure by compaction. Each record's key is its own, so a mark with its key (a record without a value) makes
 * compaction take that record and no other. Compaction leaves the newest segment alone, and a quiet partition keeps
 * its newest for ever: so a further mark closes it once it is old enough. What an outsider can know is that the leader
 * no longer has the record and deleted the files that held it; replicas compact by the same settings, each in its time.
 */
export class Erasures {
  readonly #options: ErasuresOptions;
  readonly #pending = new Map<number, Set<number>>();

  constructor(options: ErasuresOptions) {
    this.#options = options;
  }

  /** Asked for in this process and not yet confirmed. */
  isPending(partition: number, offset: number): boolean {
    return this.#pending.get(partition)?.has(offset) ?? false;
  }

  /** Resolves when the marks are durable: from then on a crash of this process does not stop the erasure. */
  async erase(
    places: readonly { readonly partition: number; readonly offset: number }[],
  ): Promise<EraseReceipt> {
    const { clock } = this.#options;
    const times = await this.#options.times();
    const deadline = new Date(clock.now().getTime() + times.deadlineMs);
    const untilMs = clock.monotonicMs() + times.deadlineMs;
    const byPartition = Map.groupBy(places, ({ partition }) => partition);
    const marked = await Promise.all(
      [...byPartition].map(([partition, its]) =>
        this.#mark(
          partition,
          its.map(({ offset }) => offset),
        ),
      ),
    );
    const confirmed = marked.map((one) => one && this.#confirm(one, times, untilMs));
    const erased = Promise.all(confirmed).then(() => undefined);
    erased.catch(() => undefined);
    return { deadline, erased };
  }

  /** Marks what still has a value. Nothing where nothing has. */
  async #mark(partition: number, offsets: readonly number[]): Promise<Marked | undefined> {
    const present = await this.#present(partition, offsets);
    if (present.length === 0) return undefined;
    const pending = this.#pending.get(partition) ?? new Set();
    this.#pending.set(partition, pending);
    for (const { offset } of present) pending.add(offset);
    const marks = present.map(({ keyBytes }) => ({ partition, key: keyBytes!, value: null }));
    try {
      const receipts = await this.#options.stream.append(marks);
      return { partition, offsets: present.map(({ offset }) => offset), markedAt: receipts.at(-1)!.loggedAt };
    } catch (error) {
      for (const { offset } of present) pending.delete(offset);
      throw error;
    }
  }

  /** Goes on through anything that passes before the deadline. */
  async #confirm(marked: Marked, times: ErasureTimes, untilMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    await clock.sleep(times.segmentMs + marginMs, signal);
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await this.#closeSegment(marked, times);
        await this.#compacted(marked, untilMs);
        break;
      } catch (error) {
        const mayPass = !signal.aborted && clock.monotonicMs() + pauseMs < untilMs;
        if (!mayPass || !isHoldfastError(error)) throw error;
        await clock.sleep(pauseMs, signal);
      }
    }
    await clock.sleep(times.fileDeleteMs + marginMs, signal);
    for (const offset of marked.offsets) this.#pending.get(marked.partition)?.delete(offset);
  }

  async #compacted({ partition, offsets }: Marked, untilMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    let left = await this.#present(partition, offsets);
    for (let pauseMs = firstPauseMs; left.length > 0; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (clock.monotonicMs() + pauseMs > untilMs) throw this.#late(partition, left);
      await clock.sleep(pauseMs, signal);
      // The lowest tells: compaction starts from the beginning and replaces whole segments.
      const isFirstLeft = (await this.#present(partition, [left[0]!.offset])).length > 0;
      if (!isFirstLeft)
        left = await this.#present(
          partition,
          left.map(({ offset }) => offset),
        );
    }
  }

  /** A record newer than the marks by the age of a segment was written to a later one, whoever wrote it. */
  async #closeSegment({ partition, markedAt }: Marked, { segmentMs }: ErasureTimes): Promise<void> {
    const { stream, clock, signal } = this.#options;
    for (;;) {
      const receipts = await stream.append([{ partition, key: '', value: null }]);
      const { loggedAt } = receipts[0]!;
      const leftMs = markedAt.getTime() + segmentMs - loggedAt.getTime();
      if (leftMs < 0) return;
      await clock.sleep(leftMs + marginMs, signal);
    }
  }

  /** Those of the offsets whose records still have a value. */
  async #present(partition: number, offsets: readonly number[]): Promise<readonly RawRecord[]> {
    const wanted = new Set(offsets);
    const present: RawRecord[] = [];
    let seenTo = 0;
    for (const offset of [...wanted].sort((a, b) => a - b)) {
      if (offset < seenTo) continue;
      const { records, nextOffset } = await this.#options.stream.fetch({ partition, offset }, fetchBytes);
      present.push(
        ...records.filter((record) => wanted.has(record.offset) && record.value && record.keyBytes),
      );
      seenTo = nextOffset;
    }
    return present;
  }

  #late(partition: number, left: readonly RawRecord[]): HoldfastError {
    const { topic } = this.#options;
    return new HoldfastError('LogUnavailable', {
      detail:
        `${left.length} erased records of ${topic}, partition ${partition}, from offset ${left[0]!.offset} on, were ` +
        'not compacted in time. Check the log cleaner of the broker that leads it.',
    });
  }
}

/** As the topic is set now; `allowanceMs` is what the broker may take for compaction itself, besides its waits. */
export const readErasureTimes = async (
  connection: KafkaConnection,
  topic: string,
  allowanceMs: number,
): Promise<ErasureTimes> => {
  const settings = (await describeTopics(connection, [topic])).get(topic);
  const setting = (name: string) => Number(settings?.get(name));
  const lagMs = setting('max.compaction.lag.ms');
  const segmentMs = Math.min(setting('segment.ms'), lagMs);
  const fileDeleteMs = setting('file.delete.delay.ms') + fileMarginMs;
  return { segmentMs, fileDeleteMs, deadlineMs: segmentMs + lagMs + fileDeleteMs + allowanceMs };
};
