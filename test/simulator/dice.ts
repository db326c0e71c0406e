import { SeededRandom } from '../../services/adapters/memory/random.ts';

/** Decisions that follow from a seed alone. */
export class Dice {
  readonly #random: SeededRandom;

  constructor(seed: string) {
    this.#random = new SeededRandom(seed);
  }

  /** From 0 to 1, exclusive. */
  real(): number {
    return Buffer.from(this.#random.bytes(4)).readUInt32LE() / 2 ** 32;
  }

  /** From `least` to `most`, both inclusive. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.real() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.real() < probability;
  }

  oneOf<T>(choices: readonly T[]): T {
    const choice = choices[this.whole(0, choices.length - 1)];
    if (choice === undefined) throw new RangeError('There is nothing to choose from.');
    return choice;
  }

  /** Mostly short, now and then long: what networks and engines take, in milliseconds. */
  latencyMs(): number {
    const kind = this.real();
    if (kind < 0.7) return this.real() * 5;
    return kind < 0.95 ? 5 + this.real() * 200 : 200 + this.real() * 2000;
  }
}
