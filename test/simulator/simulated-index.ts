import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { HoldfastError } from '../../services/core/errors.ts';
import type {
  ArchiveIndex,
  Correction,
  IndexRebuild,
  PutBasis,
  PutOutcome,
} from '../../services/ports/archive-index.ts';
import type { IndexEngine } from './index-engine.ts';
import type { Network } from './network.ts';
import type { SimulatedProcess } from './scheduler.ts';

/** How long a rebuild whose process died keeps the index closed for writing. */
const abandonedMs = 20_000;

/** A process's way to the index engine. What is put arrives in parts, some of them not at all or after its sender's death. */
export class SimulatedIndex implements ArchiveIndex {
  readonly #process: SimulatedProcess;
  readonly #network: Network;
  readonly #engine: IndexEngine;

  constructor(process: SimulatedProcess, network: Network, engine: IndexEngine) {
    this.#process = process;
    this.#network = network;
    this.#engine = engine;
  }

  async put(documents: readonly IndexDocument[], basis?: PutBasis): Promise<readonly PutOutcome[]> {
    return this.#inParts('put', documents, (part) => this.#engine.put(this.#process.name, part, basis));
  }

  async correct(corrections: readonly Correction[]): Promise<readonly boolean[]> {
    return this.#inParts('correct', corrections, (part) => this.#engine.correct(this.#process.name, part));
  }

  get: ArchiveIndex['get'] = (ids) => this.#call('get', () => this.#engine.live.get(ids));
  refresh: ArchiveIndex['refresh'] = () => this.#call('refresh', () => this.#engine.refresh());
  remove = (ids: readonly ItemId[]): Promise<void> => this.#call('remove', () => this.#engine.remove(ids));
  search: ArchiveIndex['search'] = (...asked) =>
    this.#call('search', () => this.#engine.visible.search(...asked));
  conversation: ArchiveIndex['conversation'] = (range) =>
    this.#call('conversation', () => this.#engine.visible.conversation(range));
  counts: ArchiveIndex['counts'] = (offsets) =>
    this.#call('counts', () => this.#engine.visible.counts(offsets));
  itemsBelow: ArchiveIndex['itemsBelow'] = (offsets) =>
    this.#call('itemsBelow', () => this.#engine.visible.itemsBelow(offsets));
  scan: ArchiveIndex['scan'] = (...asked) => this.#call('scan', () => this.#engine.visible.scan(...asked));
  touched: ArchiveIndex['touched'] = (...asked) =>
    this.#call('touched', () => this.#engine.visible.touched(...asked));
  searchableWatermark: ArchiveIndex['searchableWatermark'] = () =>
    this.#call('watermark', () => this.#engine.visible.searchableWatermark());
  checkIntegrity: ArchiveIndex['checkIntegrity'] = async () => [];

  async rebuild(): Promise<IndexRebuild> {
    const engine = this.#engine;
    const rebuild = await this.#call('rebuild', () => engine.live.rebuild());
    let isOver = false;
    const end = async () => {
      if (isOver) return;
      isOver = true;
      await rebuild[Symbol.asyncDispose]();
    };
    return {
      put: (documents) => this.#call('rebuild put', () => rebuild.put(documents)),
      get: (ids) => this.#call('rebuild get', () => rebuild.get(ids)),
      freeze: () => {
        this.#network.scheduler.after(abandonedMs, 'rebuild abandoned', () => void end());
        return this.#call('freeze', () => rebuild.freeze());
      },
      commit: (accounted) =>
        this.#call('commit', async () => {
          if (isOver) throw new HoldfastError('IndexUnavailable', { detail: 'simulated: taken for dead' });
          isOver = true;
          await rebuild.commit(accounted);
          await engine.showAll();
        }),
      [Symbol.asyncDispose]: end,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Every part is tried, whatever became of the others. */
  async #inParts<T, R>(
    label: string,
    all: readonly T[],
    effect: (part: readonly T[]) => Promise<readonly R[]>,
  ): Promise<readonly R[]> {
    const { dice } = this.#network;
    const parts: (readonly T[])[] = [];
    for (let at = 0; at < all.length; ) {
      const size = dice.whole(1, all.length - at);
      parts.push(all.slice(at, at + size));
      at += size;
    }
    const settled = await Promise.allSettled(parts.map((part) => this.#call(label, () => effect(part))));
    const failed = settled.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    return settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  }

  #call<T>(label: string, effect: () => T | Promise<T>): Promise<T> {
    return this.#network.call(this.#process, { label, unavailable: 'IndexUnavailable' }, effect);
  }
}
