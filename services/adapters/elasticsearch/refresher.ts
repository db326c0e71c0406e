import { change, type Engine } from './engine.ts';
import { unavailable } from './index-fault.ts';

/** Callers that come while a refresh runs share the next one: the running one may miss what they put. */
export class Refresher {
  readonly #refresh: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(refresh: () => Promise<void>) {
    this.#refresh = refresh;
  }

  refresh(): Promise<void> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  #start(): Promise<void> {
    const running = this.#refresh().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}

/**
 * A copy of a shard that is not there is left out: it is refreshed when it comes back, and searches fail until a
 * copy of every shard is there.
 */
export const refreshIndex = async (engine: Engine, alias: string): Promise<void> => {
  const { _shards } = await change<{ readonly _shards: { readonly failed: number } }>(engine, {
    method: 'POST',
    path: `/${alias}/_refresh`,
  });
  if (_shards.failed > 0) throw unavailable(`The refresh failed on ${_shards.failed} shards.`);
};
