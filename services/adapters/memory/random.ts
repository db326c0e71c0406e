import { hash } from 'node:crypto';
import type { Random } from '../../ports/random.ts';

const blockBytes = 32;

/** Bytes that follow from a seed alone: SHA-256 of the seed and a counter. */
export class SeededRandom implements Random {
  readonly #seed: string;
  #blocks = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += blockBytes) {
      bytes.set(this.#nextBlock().subarray(0, count - at), at);
    }
    return bytes;
  }

  #nextBlock(): Uint8Array {
    this.#blocks += 1;
    return hash('sha256', `${this.#seed}:${this.#blocks}`, 'buffer');
  }
}
