import { isHoldfastError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** Longer than anything healthy takes, shorter than those wait who ask whether a process is well. */
const patienceMs = 3000;

/** What the call gives, or `otherwise`, told why, when it fails or takes too long. It is not cut off then. */
export const inTime = async <T>(
  clock: Clock,
  call: () => Promise<T>,
  otherwise: (reason: string) => T,
): Promise<T> => {
  const answered = new AbortController();
  const late = async (): Promise<T> => {
    await clock.sleep(patienceMs, answered.signal);
    return otherwise(`What this process depends on did not answer in ${patienceMs / 1000} s.`);
  };
  try {
    return await Promise.race([call(), late()]);
  } catch (fault) {
    return otherwise(isHoldfastError(fault) ? fault.message : 'Something unexpected failed.');
  } finally {
    answered.abort();
  }
};
