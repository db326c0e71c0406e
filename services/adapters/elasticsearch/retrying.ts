import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { engineErrorOf, isPassing, isUnreached } from './engine-error.ts';

export interface Patience {
  readonly clock: Clock;
  readonly random: Random;
  /** From the first attempt to the last pause. */
  readonly patienceMs: number;
}

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/** Between half of and the whole of a pause that doubles with each attempt: many callers do not come back at once. */
export const pauseMs = (attempt: number, random: Random): number => {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
  const [byte = 0] = random.bytes(1);
  return full * (0.5 + byte / 512);
};

export const mayPass = (error: unknown): boolean => {
  const said = engineErrorOf(error);
  return said === undefined ? isUnreached(error) : isPassing(said);
};

/** Repeats while the trouble may pass and patience lasts; the work must bear being done twice. */
export const retrying = async <T>(work: () => Promise<T>, options: Patience): Promise<T> => {
  const { clock, random, patienceMs } = options;
  const deadline = clock.monotonicMs() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const pause = pauseMs(attempt, random);
      if (!mayPass(error) || clock.monotonicMs() + pause > deadline) throw error;
      await clock.sleep(pause);
    }
  }
};
