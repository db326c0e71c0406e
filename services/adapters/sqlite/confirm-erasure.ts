import { HoldfastError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EraseReceipt } from '../../ports/event-log.ts';

export interface ErasureCheck {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** Aborted when the log closes. */
  readonly signal: AbortSignal;
  isErased(): Promise<boolean>;
}

const firstPauseMs = 5;
const longestPauseMs = 500;

/** Asks until a check finds nothing or the deadline passed. A caller that does not wait need not catch. */
export const confirmErasure = (check: ErasureCheck): EraseReceipt => {
  const deadline = new Date(check.clock.now().getTime() + check.deadlineMs);
  const erased = askUntilErased(check, check.clock.monotonicMs() + check.deadlineMs);
  erased.catch(() => undefined);
  return { deadline, erased };
};

const askUntilErased = async (check: ErasureCheck, deadlineMs: number): Promise<void> => {
  for (
    let pauseMs = firstPauseMs;
    !(await check.isErased());
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  ) {
    const leftMs = deadlineMs - check.clock.monotonicMs();
    if (leftMs <= 0) {
      throw new HoldfastError('LogUnavailable', {
        detail:
          'What was erased is still in the write-ahead log: another reader has held it beyond the deadline.',
      });
    }
    await check.clock.sleep(Math.min(pauseMs, leftMs), check.signal);
  }
};
