import type { Random } from '../ports/random.ts';

const nonceBytes = 16;
const drawnAtOnce = 64;

/** Nonces for events, drawn many at a time: a draw costs the same for 16 bytes as for a thousand. */
export const createNonces = (random: Random): (() => string) => {
  let drawn = '';
  let at = 0;
  return () => {
    if (at === drawn.length) {
      drawn = Buffer.from(random.bytes(nonceBytes * drawnAtOnce)).toString('hex');
      at = 0;
    }
    at += 2 * nonceBytes;
    return drawn.slice(at - 2 * nonceBytes, at);
  };
};
