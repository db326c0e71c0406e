import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { Item } from '../../../schemas/archive/item.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import type { Query } from '../../core/query/ast.ts';
import type {
  Actor,
  ArchiveIndex,
  ConversationPage,
  ConversationRange,
  Correction,
  IndexFault,
  IndexRebuild,
  Page,
  PutBasis,
  PutOutcome,
  SearchResult,
  StoredDocument,
} from '../../ports/archive-index.ts';
import { checkIndexIntegrity } from './check-integrity.ts';
import { correctDocuments } from './correct-documents.ts';
import { countBelow, countItems, readWatermark } from './count-items.ts';
import { ElasticSearchEngine } from './elastic-search-engine.ts';
import type { Engine } from './engine.ts';
import type { IndexDefinitionOptions } from './index-definition.ts';
import { isRebuilding, toIndexFault } from './index-fault.ts';
import { beginRebuild } from './index-rebuild.ts';
import { putDocuments } from './put-documents.ts';
import { readConversation, readItems } from './read-items.ts';
import { RebuildWatch } from './rebuild-watch.ts';
import { Refresher, refreshIndex } from './refresher.ts';
import { removeDocuments } from './remove-documents.ts';
import { scanDocuments } from './scan-documents.ts';
import { searchIndex } from './search/search-index.ts';

/** The index in Elasticsearch. Any number of processes may have it open, and write. */
export class ElasticsearchArchiveIndex implements ArchiveIndex {
  readonly #engine: Engine;
  readonly #definition: IndexDefinitionOptions;
  readonly #refresher: Refresher;
  readonly #searchEngine: ElasticSearchEngine;
  readonly #watch: RebuildWatch;
  #watermark: readonly number[] = [];

  constructor(engine: Engine, definition: IndexDefinitionOptions) {
    this.#engine = engine;
    this.#definition = definition;
    this.#refresher = new Refresher(() => refreshIndex(engine, engine.names.write));
    this.#searchEngine = new ElasticSearchEngine(engine);
    this.#watch = new RebuildWatch(engine);
  }

  /** Begins to: the index that a rebuild replaced, had it died then, would keep what is removed from the new one. */
  clearLeftovers(): void {
    this.#watch.begin();
  }

  put(documents: readonly IndexDocument[], basis?: PutBasis): Promise<readonly PutOutcome[]> {
    return this.#write(() => putDocuments(this.#engine, documents, basis));
  }

  get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]> {
    return translated(() => readItems(this.#engine, ids));
  }

  search(_actor: Actor, _purpose: string, query: Query, page: Page): Promise<SearchResult> {
    return translated(() => searchIndex(this.#searchEngine, query, page));
  }

  conversation(range: ConversationRange): Promise<ConversationPage> {
    return translated(() => readConversation(this.#engine, range));
  }

  refresh(): Promise<void> {
    return translated(() => this.#refresher.refresh());
  }

  counts(
    offsets?: readonly number[],
  ): Promise<{ readonly items: number; readonly perPartition: readonly number[] }> {
    return translated(() => countItems(this.#engine, offsets));
  }

  itemsBelow(offsets: readonly number[]): Promise<number> {
    return translated(() => countBelow(this.#engine, offsets));
  }

  scan(partition: number, from: number, limit: number): Promise<readonly StoredDocument[]> {
    return translated(() => scanDocuments(this.#engine, { partition, by: 'firstOffset', from, limit }));
  }

  touched(
    partition: number,
    range: { readonly from: number; readonly to: number; readonly limit: number },
  ): Promise<readonly StoredDocument[]> {
    return translated(() => scanDocuments(this.#engine, { partition, by: 'newestOffset', ...range }));
  }

  checkIntegrity(): Promise<readonly IndexFault[]> {
    return translated(() => checkIndexIntegrity(this.#engine, this.#definition));
  }

  remove(ids: readonly ItemId[]): Promise<void> {
    return this.#write(() => removeDocuments(this.#engine, ids));
  }

  correct(corrections: readonly Correction[]): Promise<readonly boolean[]> {
    return this.#write(() => correctDocuments(this.#engine, corrections));
  }

  async searchableWatermark(): Promise<readonly number[]> {
    this.#watermark = await translated(() => readWatermark(this.#engine, this.#watermark));
    return this.#watermark;
  }

  rebuild(): Promise<IndexRebuild> {
    return translated(() => beginRebuild(this.#engine, this.#definition));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch[Symbol.asyncDispose]();
    await this.#engine.connection[Symbol.asyncDispose]();
  }

  async #write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await translated(work);
    } catch (error) {
      if (isRebuilding(error)) this.#watch.begin();
      throw error;
    }
  }
}

const translated = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw toIndexFault(error);
  }
};
