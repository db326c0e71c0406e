import type { Clock } from '../../ports/clock.ts';

interface Sleeper {
  readonly wakesAtMs: number;
  wake(): void;
}

/** Time that moves only when told to. `set` moves wall time, also back; `advance` moves both and wakes sleepers. */
export class MemoryClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start: Date = new Date('2026-01-01T00:00:00.000Z')) {
    this.#nowMs = start.getTime();
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  set(now: Date): void {
    this.#nowMs = now.getTime();
  }

  /** Sleepers wake in the order of their times. */
  advance(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
    const due = [...this.#sleepers].filter(({ wakesAtMs }) => wakesAtMs <= this.#monotonicMs);
    for (const sleeper of due.sort((a, b) => a.wakesAtMs - b.wakesAtMs)) sleeper.wake();
  }

  /** How many sleep now: what a test waits for before it advances. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { wakesAtMs: this.#monotonicMs + ms, wake: resolve };
    const abort = () => reject(signal?.reason);
    this.#sleepers.add(sleeper);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal?.removeEventListener('abort', abort);
    }
  }
}
