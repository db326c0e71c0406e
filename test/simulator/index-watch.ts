import type { Item } from '../../schemas/archive/item.ts';
import type { RangeProposal } from '../../schemas/archive/ledger.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { excessOf, lackOf } from './expected-document.ts';
import type { Installation } from './installation.ts';
import type { Machines } from './machines.ts';
import type { ExpectedItem, Oracle } from './oracle.ts';

interface Watched {
  readonly shared: Installation;
  readonly machines: Machines;
  readonly oracle: Oracle;
}

/**
 * Compares the index with the ledger, I2, I3 and I8. What is compared when:
 *
 * - After every step that changed either: the items that changed lack nothing that the ledger accounts for. Of
 *   a partition in which an older copy of the index was put in place, only those just recorded, until it has all again.
 * - After every step that leaves a partition quiet, if either was changed since this was done last: its documents are
 *   exactly what the ledger says, up to its frontier; facts beyond that are nobody's business. A partition is quiet when
 *   only one living archiver may be at work on it, and has settled all up to the frontier, and nobody else wrote since it began.
 * - At rest: the documents are exactly what the ledger says.
 */
export class IndexWatch {
  quietMoments = 0;
  readonly #watched: Watched;
  /** Items to be looked at after this step, and who wrote them. */
  readonly #changed = new Map<string, string | undefined>();
  /** Those of a range that won in this step: whoever recorded it put them first. */
  readonly #recorded = new Set<string>();
  /** Whatever was in the index at any time. */
  readonly #ids = new Set<string>();
  /** Partitions that were changed since they were compared, and those that lack what an older copy lacked. */
  readonly #uncompared = new Set<number>();
  readonly #behind = new Set<number>();
  /** Per partition, the step in which each process last wrote there. */
  readonly #writers = new Map<number, Map<string, number>>();

  constructor(watched: Watched) {
    this.#watched = watched;
    const { index } = watched.shared;
    index.onChanged = (ids, process) => {
      for (const id of ids) this.#changed.set(id, process);
    };
    index.onReplaced = (isOlder) => {
      for (const id of this.#ids) this.#changed.set(id, undefined);
      if (isOlder) for (const partition of this.#partitions()) this.#behind.add(partition);
    };
  }

  recorded({ partition, entries }: RangeProposal): void {
    for (const { itemId } of entries) if (itemId !== undefined) this.#recorded.add(itemId);
    for (const id of this.#recorded) this.#changed.set(id, undefined);
    this.#uncompared.add(partition);
  }

  async stepped(): Promise<void> {
    if (this.#changed.size > 0) await this.#compareChanged();
    for (const partition of this.#uncompared) {
      if (!(await this.#isQuiet(partition))) continue;
      this.quietMoments += 1;
      this.#uncompared.delete(partition);
      await this.#compareWhole(partition, this.#watched.oracle.sizes()[partition]!);
    }
  }

  async atRest(): Promise<void> {
    const { oracle, shared } = this.#watched;
    for (const partition of this.#partitions()) await this.#compareWhole(partition, Number.POSITIVE_INFINITY);
    for (const { id } of await shared.index.documents())
      if (oracle.disposed.has(id)) oracle.violated(`I8: erased item ${id} is in the index`);
  }

  async #compareChanged(): Promise<void> {
    const { shared, oracle } = this.#watched;
    const changes = [...this.#changed];
    this.#changed.clear();
    const items = await shared.index.live.get(changes.map(([id]) => id as ItemId));
    for (const [at, [id, process]] of changes.entries()) {
      const item = items[at];
      this.#ids.add(id);
      oracle.owned(id, item?.partition);
      const expected = oracle.items.get(id);
      const partition = item?.partition ?? expected?.partition;
      if (partition !== undefined) this.#wrote(partition, process);
      if (expected === undefined) continue;
      if (this.#recorded.has(id) || !this.#behind.has(expected.partition)) this.#compare(item, expected);
    }
    this.#recorded.clear();
    for (const partition of this.#behind)
      if ((await this.#lacksOf(partition)).length === 0) this.#behind.delete(partition);
  }

  #compare(item: Item | undefined, expected: ExpectedItem): void {
    const { oracle } = this.#watched;
    const lack = oracle.erased.has(expected.id) ? undefined : lackOf(item, expected);
    if (lack !== undefined) oracle.violated(`I2: ${lack}`);
  }

  async #lacksOf(partition: number): Promise<string[]> {
    const { oracle, shared } = this.#watched;
    const expected = [...oracle.items.values()].filter(
      (item) => item.partition === partition && !oracle.erased.has(item.id),
    );
    const items = await shared.index.live.get(expected.map(({ id }) => id as ItemId));
    return expected.flatMap((one, at) => lackOf(items[at], one) ?? []);
  }

  async #compareWhole(partition: number, end: number): Promise<void> {
    const { oracle, shared } = this.#watched;
    for (const lack of await this.#lacksOf(partition)) oracle.violated(`I2: ${lack}`);
    for (const document of await shared.index.documents()) {
      if (document.partition !== partition) continue;
      if (oracle.gone.has(document.id)) oracle.violated(`I8: erased item ${document.id} is in the index`);
      if (oracle.erased.has(document.id)) continue;
      const excess = excessOf(document, oracle.items.get(document.id), end);
      if (excess !== undefined) oracle.violated(`I3: ${excess}`);
    }
  }

  /** Asks the archiver itself how far it has settled, so no promise of its own must be under way. */
  async #isQuiet(partition: number): Promise<boolean> {
    const { oracle, shared, machines } = this.#watched;
    const name = { stream: 'im', generation: 1, partition } as const;
    const [worker, ...others] = shared.group.workersOn(name);
    if (worker === undefined || others.length > 0) return false;
    const writers = [...(this.#writers.get(partition) ?? [])];
    if (writers.some(([process, step]) => process !== worker.process.name && step >= worker.since))
      return false;
    const settled = machines.archiverOf(worker.process)?.waitFor(name, oracle.sizes()[partition]!);
    if (settled === undefined) return false;
    let isSettled = false;
    settled.then(
      () => {
        isSettled = true;
      },
      () => undefined,
    );
    // It has answered by the second turn, or will not in this step.
    for (let turn = 0; turn < 2; turn++) await undefined;
    return isSettled;
  }

  #wrote(partition: number, process: string | undefined): void {
    this.#uncompared.add(partition);
    if (process === undefined) return;
    const writers = this.#writers.get(partition) ?? new Map<string, number>();
    this.#writers.set(partition, writers.set(process, this.#watched.shared.network.scheduler.steps));
  }

  #partitions(): number[] {
    return [...this.#watched.oracle.sizes().keys()];
  }
}
