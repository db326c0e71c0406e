import { hash } from 'node:crypto';

/** Chances that follow from what they are named after alone, so that every trial replays by its number. */
export class Dice {
  #state: number;

  constructor(name: string) {
    this.#state = Number.parseInt(hash('sha256', name, 'hex').slice(0, 8), 16);
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('there is nothing to choose from');
    return list[this.below(list.length)]!;
  }

  oneIn(chances: number): boolean {
    return this.below(chances) === 0;
  }

  hex(bytes: number): string {
    return Buffer.from(Array.from({ length: bytes }, () => this.below(256))).toString('hex');
  }
}
