import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing, isTimeout } from './kafka-fault.ts';

export interface Patience {
  /** Milliseconds of `performance.now()` after which the last failure is thrown. */
  readonly untilMs: number;
  readonly signal?: AbortSignal | undefined;
}

const firstPauseMs = 100;
const longestPauseMs = 1000;

/** Pauses that double from 100 ms to 1 s; `false` once the time is up. */
export class Backoff {
  readonly #patience: Patience;
  #pauseMs = firstPauseMs;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  async pause(): Promise<boolean> {
    const { untilMs, signal } = this.#patience;
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) return false;
    await sleep(Math.min(this.#pauseMs, leftMs), undefined, signal && { signal }).catch((error) => {
      signal?.throwIfAborted();
      throw error;
    });
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    return true;
  }
}

/** Repeats what failed in a way that may pass. Of failures it throws the last that says more than that there was no answer. */
export const retrying = async <T>(patience: Patience, attempt: () => Promise<T>): Promise<T> => {
  let telling: unknown;
  for (const backoff = new Backoff(patience); ; ) {
    try {
      return await attempt();
    } catch (error) {
      patience.signal?.throwIfAborted();
      if (!isTimeout(error)) telling = error;
      if (!isPassing(error) || !(await backoff.pause())) throw telling ?? error;
    }
  }
};

/** Settles with the call, or rejects with the signal's reason when that comes first. */
export const abortable = async <T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([call(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
