import type { LogGrowth } from './log-growth.ts';

/** Waits for one partition to grow. */
export interface GrowthFollower extends Disposable {
  /** To be called before looking at the end: growth announced later is not missed. */
  reset(): void;
  /** Resolves when the partition grew since `reset`; rejects with the signal's reason. */
  grown(): Promise<void>;
}

export const followGrowth = (growth: LogGrowth, slot: number, signal: AbortSignal): GrowthFollower => {
  let change = Promise.withResolvers<void>();
  const listening = growth.listen((slots) => {
    if (slots.includes(slot)) change.resolve();
  });
  const abort = () => change.reject(signal.reason);
  signal.addEventListener('abort', abort);
  return {
    reset: () => {
      change = Promise.withResolvers<void>();
      // Nobody may be waiting when the abort comes.
      change.promise.catch(() => undefined);
      if (signal.aborted) abort();
    },
    grown: () => change.promise,
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', abort);
      listening[Symbol.dispose]();
    },
  };
};
