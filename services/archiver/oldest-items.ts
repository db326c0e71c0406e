import type { ItemId } from '../../schemas/ids.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';

interface Scan {
  readonly next: number;
  readonly id: ItemId | undefined;
}

/** The first item that the ledger says was archived, per partition; looked for once, as the ledger never changes. */
export class OldestItems {
  readonly #ledger: Pick<Ledger, 'ranges'>;
  readonly #scans = new Map<string, Scan>();

  constructor(ledger: Pick<Ledger, 'ranges'>) {
    this.#ledger = ledger;
  }

  async of(partition: PartitionName): Promise<ItemId | undefined> {
    const name = `${partition.stream}/${partition.generation}/${partition.partition}`;
    let { next, id } = this.#scans.get(name) ?? { next: 0, id: undefined };
    if (id !== undefined) return id;
    for await (const { to, entries } of this.#ledger.ranges(partition, next)) {
      next = to;
      id = entries.find(({ outcome }) => outcome === 'archived')?.itemId;
      if (id !== undefined) break;
    }
    this.#scans.set(name, { next, id });
    return id;
  }
}
