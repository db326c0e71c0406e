import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { Item } from '../../../schemas/archive/item.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import { HoldfastError } from '../../core/errors.ts';
import { failpoint } from '../../core/failpoint.ts';
import { toIndexDocument } from '../../core/item/index-document.ts';
import type { IndexRebuild, PutOutcome } from '../../ports/archive-index.ts';
import { type Engine, engineAt } from './engine.ts';
import { engineErrorOf } from './engine-error.ts';
import { describeLive } from './find-indexes.ts';
import { type IndexDefinitionOptions, type IndexMeta, indexDefinition, metaOf } from './index-definition.ts';
import { toIndexFault } from './index-fault.ts';
import { blockWrites, discardIndex, endSwap, isAlias, type Swap, swapAliases } from './index-operations.ts';
import { putDocuments } from './put-documents.ts';
import { readItems } from './read-items.ts';
import { beat } from './rebuild-beat.ts';
import { beatingOf, clearLeftovers } from './rebuild-leftovers.ts';
import { refreshIndex } from './refresher.ts';
import { scanPages } from './scan-documents.ts';
import { readShardEnds } from './shard-stats.ts';
import { itemOf } from './stored-document.ts';

/** Makes the next index of the installation, after clearing what a dead rebuild left. */
export const beginRebuild = async (
  engine: Engine,
  definition: IndexDefinitionOptions,
): Promise<IndexRebuild> => {
  const { connection, names, random } = engine;
  const index = names.concrete(await clearLeftovers(engine));
  const live = await describeLive(connection, names);
  const token = Buffer.from(random.bytes(8)).toString('hex');
  const filling = names.filling(token);
  const meta = { ...metaOf(definition), beat: token };
  const body = { ...indexDefinition(definition, meta), aliases: { [filling]: {} } };
  try {
    await connection.request({ method: 'PUT', path: `/${index}`, body });
  } catch (error) {
    if (engineErrorOf(error)?.type !== 'resource_already_exists_exception') throw error;
    throw new HoldfastError('Conflict', { detail: 'Another rebuild of the index has just begun.' });
  }
  return new ElasticsearchIndexRebuild(engine, { old: live.name, index, filling }, meta);
};

/**
 * An index that says by beats that it is being filled, and then that what it replaced is still needed. It is written by an
 * alias of the rebuild's own: had that been taken for dead, another may have made an index of the same name.
 */
class ElasticsearchIndexRebuild implements IndexRebuild {
  readonly #engine: Engine;
  readonly #swap: Swap;
  readonly #ended = new AbortController();
  readonly #beating: Promise<void>;
  #isFrozen = false;
  #isCommitted = false;

  constructor(engine: Engine, swap: Swap, meta: IndexMeta) {
    this.#engine = engine;
    this.#swap = swap;
    this.#beating = beat({ ...beatingOf(engine), index: swap.filling }, meta, this.#ended.signal);
  }

  put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]> {
    return this.#attempt(() => putDocuments(engineAt(this.#engine, this.#swap.filling), documents));
  }

  get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]> {
    return this.#attempt(() => readItems(engineAt(this.#engine, this.#swap.filling), ids));
  }

  freeze(): Promise<void> {
    return this.#attempt(async () => {
      this.#isFrozen = true;
      await blockWrites(this.#engine, this.#swap.old, true);
    });
  }

  commit(accounted: readonly number[]): Promise<void> {
    return this.#attempt(async () => {
      if (!this.#isFrozen) await this.freeze();
      const ends = await this.#takeOver(accounted);
      failpoint('index.swapping');
      await swapAliases(this.#engine, this.#swap);
      failpoint('index.swapping');
      this.#isCommitted = true;
      const { old } = this.#swap;
      // A rebuild that was taken for dead may have lifted the block.
      await blockWrites(this.#engine, old, true);
      if (ends !== (await readShardEnds(this.#engine, old))) await this.#takeOver(accounted);
      await endSwap(this.#engine, this.#swap);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (!this.#isCommitted) await this.#attempt(() => this.#discard());
    } finally {
      this.#ended.abort();
      await this.#beating;
    }
  }

  async #discard(): Promise<void> {
    const { old, index, filling } = this.#swap;
    // Whoever took this rebuild for dead has removed the index; what has its name now is another's.
    if (!(await isAlias(this.#engine, filling))) return;
    const isDiscarded = await discardIndex(this.#engine, { index, live: old });
    if (isDiscarded && this.#isFrozen) await blockWrites(this.#engine, old, false);
  }

  /** Copies what the ledger does not account for yet; returns up to where the old index was copied. */
  async #takeOver(accounted: readonly number[]): Promise<string> {
    const { filling, old: name } = this.#swap;
    const old = engineAt(this.#engine, name);
    await refreshIndex(old, name);
    const ends = await readShardEnds(this.#engine, name);
    for (let partition = 0; partition < this.#engine.partitions; partition += 1)
      await this.#copy(old, partition, accounted[partition] ?? 0);
    await refreshIndex(this.#engine, filling);
    return ends;
  }

  async #copy(old: Engine, partition: number, accounted: number): Promise<void> {
    const pages = scanPages(old, {
      partition,
      by: 'newestOffset',
      from: accounted,
      limit: Number.POSITIVE_INFINITY,
    });
    // Made anew: the old index may be of another analyzer.
    for await (const page of pages)
      await this.put(page.map(({ document }) => toIndexDocument(itemOf(document.id, document))));
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toIndexFault(error);
    }
  }
}
