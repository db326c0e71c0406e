import { randomBytes } from 'node:crypto';
import type { Random } from '../../ports/random.ts';

/** The operating system's randomness. Copied out of the pool, so that a clone carries these bytes alone. */
export const systemRandom: Random = { bytes: (count) => Uint8Array.from(randomBytes(count)) };
