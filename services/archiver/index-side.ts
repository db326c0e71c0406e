import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { failpoint } from '../core/failpoint.ts';
import { itemHash } from '../core/item/canonical.ts';
import { toIndexDocument } from '../core/item/index-document.ts';
import type { ArchiveIndex, Correction, PutOutcome } from '../ports/archive-index.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';
import { accountedItems, type DifferingItem, mergedItems, withoutStrays } from './accounted-items.ts';
import { firstLacking, longestBatch } from './first-lacking.ts';
import { readRange } from './read-range.ts';
import { itemIdsIn, replayBatch } from './replay-batch.ts';

export interface IndexSidePorts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
}

interface OffsetRange {
  readonly from: number;
  readonly to: number;
}

const pageSize = 500;

/**
 * What an archiver does to the index for one partition. Items are put before their range is recorded, so a crash or a
 * lost race leaves facts in the index that the ledger does not account for. Two rules keep them harmless: no decision
 * reads them, and a fact at an offset that is accounted for, but not to this item, may be taken back by anyone at any
 * time. Facts beyond the ledger are nobody's business yet: searches at the ledger's vector do not see them.
 */
export class IndexSide {
  readonly #ports: IndexSidePorts;
  readonly #partition: PartitionName;
  /** Below this offset the index may hold facts of an earlier run. */
  #strayEnd = 0;
  /** The items as they were read last, where the ledger accounts for all of them. */
  readonly #basis = new Map<ItemId, string>();

  constructor(ports: IndexSidePorts, partition: PartitionName) {
    this.#ports = ports;
    this.#partition = partition;
  }

  /** Replays what an absent or older copy of the index lacks below `size`. Batches are put in order, so all before the last of them is there. */
  async align(size: number): Promise<void> {
    const { index } = this.#ports;
    await index.refresh();
    const watermark = (await index.searchableWatermark())[this.#partition.partition] ?? 0;
    this.#strayEnd = watermark;
    const end = Math.min(watermark, size);
    const from = (await firstLacking(this.#ports, this.#partition, end)) ?? end;
    if (from < size) await this.#replay({ from, to: size });
    // Who recorded the newest range may have died before it was settled; a copy may be from just before that.
    await this.#removeStrays({ from: Math.max(0, end - longestBatch), to: size });
  }

  /** Items by id as the ledger accounts for them below `end`; those of other partitions as they are. */
  async items(ids: readonly ItemId[], end?: number): Promise<ReadonlyMap<ItemId, Item>> {
    const found = (await this.#ports.index.get(ids)).filter((item) => item !== undefined);
    const { partition } = this.#partition;
    const own = found.filter((item) => item.partition === partition);
    const accounted = await accountedItems(this.#ports, this.#partition, own, end);
    this.#basis.clear();
    for (const [at, item] of own.entries())
      if (accounted[at] === item) this.#basis.set(item.id, itemHash(item));
    const items = [...accounted, ...found.filter((item) => item.partition !== partition)];
    return new Map(items.flatMap((item) => (item === undefined ? [] : [[item.id, item]])));
  }

  /**
   * What the index did not take, as it holds another state of the item, is in it all the same when this resolves: a
   * search at the ledger's vector must find it from the moment on in which it is accounted for.
   */
  async put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]> {
    const outcomes = [...(await this.#ports.index.put(documents, this.#basis))];
    const left = new Set(documents.keys().filter((at) => outcomes[at] === 'unchanged'));
    while (left.size > 0) {
      const places = [...left];
      const merged = await this.#merge(places.map((at) => documents[at]!));
      for (const [place, outcome] of merged.entries()) {
        if (outcome !== undefined) left.delete(places[place]!);
        if (outcome === 'occupied') outcomes[places[place]!] = outcome;
      }
    }
    return outcomes;
  }

  /** After `range` was recorded: what else the index says of it goes. */
  async settle(range: OffsetRange): Promise<void> {
    if (range.from < this.#strayEnd) await this.#removeStrays(range);
  }

  /** After another archiver recorded `range`: its outcomes take the place of what was put up to `putEnd`. */
  async yield(range: OffsetRange, putEnd: number): Promise<void> {
    this.#strayEnd = Math.max(this.#strayEnd, putEnd);
    await this.#replay(range);
    await this.#removeStrays(range);
  }

  async #replay(range: OffsetRange): Promise<void> {
    const erased = new Set<ItemId>();
    for await (const batch of readRange(this.#ports, this.#partition, range)) {
      // An older copy may hold a later fact of an item without an earlier one: facts are folded in their order.
      const before = await this.items(itemIdsIn(batch.entries), batch.records[0]?.position.offset);
      const items = await replayBatch(this.#ports, this.#partition, batch, {
        before: [...before.values()],
        erased,
      });
      await this.put(items.map(toIndexDocument));
    }
  }

  /** What became of each; undefined where another archiver changed the state meanwhile, so that it has to be looked at again. */
  async #merge(documents: readonly IndexDocument[]): Promise<readonly (PutOutcome | undefined)[]> {
    const { index } = this.#ports;
    const stored = await index.get(documents.map(({ id }) => id));
    // Somebody else is at it, who may be stopped before it learns that it lost and takes back what it put.
    const own = stored.filter((item) => item?.partition === this.#partition.partition);
    this.#strayEnd = Math.max(this.#strayEnd, ...own.map((item) => item!.newestOffset + 1));
    const corrections = await this.#correctionsOf(stored, documents);
    const corrected = await this.#correct([...corrections.values()]);
    const gone = await index.put(
      documents.filter((_, at) => stored[at] === undefined),
      new Map(),
    );
    let [nextCorrected, nextGone] = [0, 0];
    return documents.map(({ id, partition }, at) => {
      const item = stored[at];
      if (item === undefined) return asTaken(gone[nextGone++]);
      if (item.partition !== partition) return 'occupied';
      if (!corrections.has(id)) return 'unchanged';
      return corrected[nextCorrected++] === true ? 'stored' : undefined;
    });
  }

  /** What gives the stored items the facts they lack, by item, in the order of the documents. */
  async #correctionsOf(
    stored: readonly (Item | undefined)[],
    documents: readonly IndexDocument[],
  ): Promise<ReadonlyMap<ItemId, Correction>> {
    const differing = documents.flatMap((document, at): DifferingItem[] => {
      const item = stored[at];
      if (item?.partition !== document.partition || itemHash(item) === document.itemHash) return [];
      return [{ item, ours: JSON.parse(document.item) as Item }];
    });
    const merged = await mergedItems(this.#ports, this.#partition, differing);
    const corrections = new Map<ItemId, Correction>();
    for (const [at, { item }] of differing.entries()) {
      const becomes = merged[at];
      if (becomes === undefined) continue;
      corrections.set(item.id, { seen: toIndexDocument(item), becomes: toIndexDocument(becomes) });
    }
    return corrections;
  }

  /** An item with a stray in the range may end beyond it, but not beyond the batch that put it there. */
  async #removeStrays(range: OffsetRange): Promise<void> {
    const { index } = this.#ports;
    await index.refresh();
    const to = Math.max(range.to, Math.min(this.#strayEnd, range.to + longestBatch));
    for (let next = range.from; next < to; ) {
      const page = await index.touched(this.#partition.partition, { from: next, to, limit: pageSize });
      const items = page.map(({ document }) => JSON.parse(document.item) as Item);
      const left = await withoutStrays(this.#ports, this.#partition, items);
      failpoint('archiver.settling');
      await this.#correct(
        page.flatMap(({ document }, at): Correction[] => {
          const right = left[at];
          if (right === items[at]) return [];
          return [
            right === undefined ? { seen: document } : { seen: document, becomes: toIndexDocument(right) },
          ];
        }),
      );
      if (page.length < pageSize) return;
      // Two documents may share their newest fact, so its offset is read again.
      next = Math.max(next + 1, page.at(-1)!.document.newestOffset);
    }
  }

  async #correct(corrections: readonly Correction[]): Promise<readonly boolean[]> {
    if (corrections.length === 0) return [];
    const { index } = this.#ports;
    const corrected = await index.correct(corrections);
    await index.refresh();
    return corrected;
  }
}

/** What was not there and is not taken was put by somebody else meanwhile. */
const asTaken = (outcome: PutOutcome | undefined): PutOutcome | undefined =>
  outcome === 'unchanged' ? undefined : outcome;
