import { keepSigning, type SignerPorts } from './sign-heads.ts';

/** How often new tree heads are signed while something is archived: each is kept for ever. */
const intervalMs = 5000;

/** Begins signing; the function returned ends it with a head over everything that was archived until then. */
export const startSigning = (ports: SignerPorts): (() => Promise<void>) => {
  const stop = new AbortController();
  const signing = keepSigning(ports, { intervalMs, signal: stop.signal });
  // Seen by whoever closes; until then the heads are simply older.
  signing.catch(() => undefined);
  return async () => {
    stop.abort();
    await signing;
  };
};
