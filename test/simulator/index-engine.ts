import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { Correction, PutBasis, PutOutcome } from '../../services/ports/archive-index.ts';

const everything = 1_000_000;

/** What an index engine keeps: documents that are there at once, and what searches see of them since the last refresh. */
export class IndexEngine {
  readonly partitions: number;
  live: MemoryArchiveIndex;
  visible: MemoryArchiveIndex;
  /** Destroyed: refused whoever puts them, and in no index that takes the place of another. */
  readonly disposed = new Set<string>();
  readonly #changed = new Set<ItemId>();
  /** Told of what a process changed, and of a whole index that took its place, maybe with less in it. */
  onChanged: (ids: readonly string[], process?: string) => void = () => undefined;
  onReplaced: (isOlder: boolean) => void = () => undefined;

  constructor(partitions: number) {
    this.partitions = partitions;
    this.live = new MemoryArchiveIndex({ partitions });
    this.visible = new MemoryArchiveIndex({ partitions });
  }

  async put(
    process: string,
    documents: readonly IndexDocument[],
    basis?: PutBasis,
  ): Promise<readonly PutOutcome[]> {
    const wanted = documents.filter(({ id }) => !this.disposed.has(id));
    for (const { id } of wanted) this.#changed.add(id as ItemId);
    const outcomes = [...(await this.live.put(wanted, basis))];
    this.onChanged(
      wanted.map(({ id }) => id),
      process,
    );
    return documents.map(({ id }) => (this.disposed.has(id) ? 'stored' : outcomes.shift()!));
  }

  async correct(process: string, corrections: readonly Correction[]): Promise<readonly boolean[]> {
    const ids = corrections.map(({ seen }) => seen.id as ItemId);
    for (const id of ids) this.#changed.add(id);
    const corrected = await this.live.correct(corrections);
    this.onChanged(ids, process);
    return corrected;
  }

  async remove(ids: readonly ItemId[]): Promise<void> {
    for (const id of ids) this.#changed.add(id);
    await this.live.remove(ids);
    this.onChanged(ids);
  }

  async refresh(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    const items = await this.live.get(ids);
    await this.visible.remove(ids);
    await this.visible.put(items.flatMap((item) => (item === undefined ? [] : [toIndexDocument(item)])));
  }

  /** Every document, by partition. */
  async documents(): Promise<readonly IndexDocument[]> {
    const pages = await Promise.all(
      Array.from({ length: this.partitions }, (_, partition) => this.live.scan(partition, 0, everything)),
    );
    return pages.flat().map(({ document }) => document);
  }

  /** Holds these from now on, as when an older copy is put in place. */
  async restore(documents: readonly IndexDocument[]): Promise<void> {
    this.live = new MemoryArchiveIndex({ partitions: this.partitions });
    await this.live.put(documents);
    await this.showAll();
    this.onReplaced(true);
  }

  /** Searches see everything, as after a rebuilt index took its place. */
  async showAll(): Promise<void> {
    await this.live.remove([...this.disposed] as ItemId[]);
    this.#changed.clear();
    this.visible = new MemoryArchiveIndex({ partitions: this.partitions });
    await this.visible.put(await this.documents());
    this.onReplaced(false);
  }
}
