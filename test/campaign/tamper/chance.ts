import { SeededRandom } from '../../../services/adapters/memory/random.ts';

/** Choices that follow from a seed. */
export class Chance {
  readonly #random: SeededRandom;

  constructor(seed: string) {
    this.#random = new SeededRandom(seed);
  }

  /** 0 to `end`, exclusive. */
  below(end: number): number {
    const bytes = Buffer.from(this.#random.bytes(6));
    return bytes.readUIntBE(0, 6) % end;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('there is nothing to choose from');
    return choice;
  }

  hex(bytes: number): string {
    return Buffer.from(this.#random.bytes(bytes)).toString('hex');
  }
}
