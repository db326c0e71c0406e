import type { Engine } from './engine.ts';
import { clearLeftovers } from './rebuild-leftovers.ts';

/** Opening the index, and puts that meet the block of a rebuild, set this off: had the rebuild died, nobody else would. */
export class RebuildWatch implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #ended = new AbortController();
  #watching: Promise<unknown> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  begin(): void {
    this.#watching ??= clearLeftovers(this.#engine, this.#ended.signal)
      // Alive, or not to be told now: the next put that is refused looks again.
      .catch(() => undefined)
      .finally(() => {
        this.#watching = undefined;
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#watching;
  }
}
