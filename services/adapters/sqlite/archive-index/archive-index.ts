import type { IndexDocument } from '../../../../schemas/archive/index-document.ts';
import type { Item } from '../../../../schemas/archive/item.ts';
import type { ItemId } from '../../../../schemas/ids.ts';
import { HoldfastError } from '../../../core/errors.ts';
import { failpoint } from '../../../core/failpoint.ts';
import type { Query } from '../../../core/query/ast.ts';
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
} from '../../../ports/archive-index.ts';
import { type ConnectionOptions, isReadOnly } from '../connection.ts';
import { checkIndexIntegrity, isSound } from './check-integrity.ts';
import { IndexConnection } from './index-connection.ts';
import { indexMissing, isDamagedIndex, toIndexFault } from './index-fault.ts';
import { SqliteIndexRebuild } from './index-rebuild.ts';
import { createIndexFile } from './index-schema.ts';
import { IndexWriter } from './index-writer.ts';
import { liveFileOf, makeLive, nextFileOf, removeFile, removeLeftovers } from './live-file.ts';
import { readConversation } from './read-conversation.ts';
import { countItems, countItemsBelow, readItems, readWatermark } from './read-items.ts';
import { documentsBeyond, scanDocuments, touchedDocuments } from './scan-documents.ts';
import { scrubPages, treePagesOf } from './scrub-pages.ts';
import { searchIndex } from './search/search-index.ts';

/** Survives structured clone. */
export interface SqliteArchiveIndexOptions extends ConnectionOptions {
  /** The name of the index, such as `data/index.db`; its files stand beside it. */
  readonly path: string;
  /** Number of partitions of the stream it holds. */
  readonly partitions: number;
  /** What a writer does with a file it cannot use; replaced by an empty one, it can be filled from the log. */
  readonly ifDamaged?: 'refuse' | 'replace';
}

interface OpenFile {
  readonly connection: IndexConnection;
  readonly writer: IndexWriter | undefined;
}

/**
 * The index in SQLite FTS5, spoken to by the thread that opened it; each call blocks for as long as SQLite takes. One
 * object may write; others, read-only and in other threads, see what it committed and follow it to a rebuilt file.
 */
export class SqliteArchiveIndex implements ArchiveIndex {
  readonly #options: SqliteArchiveIndexOptions;
  #open: OpenFile;
  #isFrozen = false;

  constructor(options: SqliteArchiveIndexOptions) {
    this.#options = options;
    if (!isReadOnly(options)) this.#attempt(() => prepareFiles(options.path));
    this.#open = this.#openUsable();
  }

  async put(documents: readonly IndexDocument[], basis?: PutBasis): Promise<readonly PutOutcome[]> {
    this.#assertNotFrozen();
    return this.#write((writer) => writer.put(documents, basis));
  }

  async get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]> {
    return this.#read((connection) => readItems(connection, ids));
  }

  async search(_actor: Actor, _purpose: string, query: Query, page: Page): Promise<SearchResult> {
    const { partitions } = this.#options;
    return this.#read((connection) => searchIndex(connection, query, { page, partitions }));
  }

  async conversation(range: ConversationRange): Promise<ConversationPage> {
    return this.#read((connection) => readConversation(connection, range));
  }

  /** What was committed is seen at once. */
  async refresh(): Promise<void> {}

  async counts(offsets?: readonly number[]): ReturnType<ArchiveIndex['counts']> {
    const { partitions } = this.#options;
    return this.#read((connection) =>
      offsets === undefined
        ? countItems(connection, partitions)
        : countItemsBelow(connection, partitions, offsets),
    );
  }

  async itemsBelow(offsets: readonly number[]): Promise<number> {
    return (await this.counts(offsets)).items;
  }

  async scan(partition: number, fromOffset: number, limit: number): Promise<readonly StoredDocument[]> {
    return this.#read((connection) => scanDocuments(connection, { partition, fromOffset, limit }));
  }

  async touched(
    partition: number,
    range: { readonly from: number; readonly to: number; readonly limit: number },
  ): Promise<readonly StoredDocument[]> {
    return this.#read((connection) => touchedDocuments(connection, partition, range));
  }

  async checkIntegrity(): Promise<readonly IndexFault[]> {
    return this.#read(checkIndexIntegrity);
  }

  async remove(ids: readonly ItemId[]): Promise<void> {
    this.#write((writer) => writer.remove(ids));
    this.#attempt(() => this.#leaveNoTrace());
  }

  async correct(corrections: readonly Correction[]): Promise<readonly boolean[]> {
    this.#assertNotFrozen();
    return this.#write((writer) => writer.correct(corrections));
  }

  async searchableWatermark(): Promise<readonly number[]> {
    return this.#read((connection) => readWatermark(connection, this.#options.partitions));
  }

  async rebuild(): Promise<IndexRebuild> {
    const { path, partitions } = this.#options;
    const old = {
      freeze: (isFrozen: boolean) => {
        this.#isFrozen = isFrozen;
      },
      beyond: (accounted: readonly number[]) =>
        this.#read((connection) => documentsBeyond(connection, partitions, accounted)),
      swapIn: (file: string) => this.#swapIn(file),
    };
    return this.#write(() => new SqliteIndexRebuild(nextFileOf(path), this.#options, old));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open.connection[Symbol.dispose]();
  }

  #read<T>(read: (connection: IndexConnection) => T): T {
    return this.#attempt(() => {
      this.#follow();
      const { connection } = this.#open;
      return connection.snapshot(() => read(connection));
    });
  }

  #write<T>(write: (writer: IndexWriter) => T): T {
    const { writer } = this.#open;
    if (writer === undefined)
      throw new HoldfastError('ReadOnly', { detail: `${this.#options.path} was opened for reading.` });
    return this.#attempt(() => write(writer));
  }

  #assertNotFrozen(): void {
    if (this.#isFrozen)
      throw new HoldfastError('IndexUnavailable', { detail: 'A rebuilt index is taking its place.' });
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toIndexFault(error, this.#options.path);
    }
  }

  /** Readers go on in the file that a rebuild made; the writer is told. */
  #follow(): void {
    if (this.#open.writer !== undefined) return;
    const live = liveFileOf(this.#options.path);
    // While the name is gone, what is open still answers.
    if (live === undefined || live === this.#open.connection.file) return;
    this.#goOnIn(this.#openLive());
  }

  #openUsable(): OpenFile {
    if (this.#options.ifDamaged !== 'replace') return this.#openLive();
    try {
      const open = this.#openLive();
      if (isSound(open.connection)) return open;
      open.connection[Symbol.dispose]();
    } catch (error) {
      if (!isDamagedIndex(error)) throw error;
    }
    this.#attempt(() => makeFirstFile(this.#options.path));
    return this.#openLive();
  }

  #openLive(): OpenFile {
    const { path } = this.#options;
    for (;;) {
      const file = liveFileOf(path);
      if (file === undefined) throw indexMissing(path);
      try {
        return this.#openFile(file);
      } catch (error) {
        // A rebuild may have put another file in its place meanwhile.
        if (liveFileOf(path) === file) throw error;
      }
    }
  }

  #openFile(file: string): OpenFile {
    const connection = new IndexConnection(file, this.#options);
    return { connection, writer: isReadOnly(this.#options) ? undefined : new IndexWriter(connection) };
  }

  #goOnIn(next: OpenFile): void {
    const before = this.#open.connection;
    this.#open = next;
    before[Symbol.dispose]();
  }

  #swapIn(file: string): void {
    const { path } = this.#options;
    const old = this.#open.connection.file;
    const next = this.#openFile(file);
    failpoint('index.swapping');
    try {
      makeLive(path, file);
    } catch (error) {
      // Readers follow the name, also where only its flush was refused.
      if (liveFileOf(path) === file) this.#goOnIn(next);
      else next.connection[Symbol.dispose]();
      throw error;
    }
    failpoint('index.swapping');
    this.#goOnIn(next);
    // A plain file had the name itself, which is the link now.
    if (old !== path) removeFile(old);
  }

  /** What was removed is gone from the tables; here it goes from the write-ahead log and from unused parts of pages. */
  #leaveNoTrace(): void {
    const { connection } = this.#open;
    const checkpoint = connection.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (checkpoint?.busy !== 0)
      throw new HoldfastError('IndexUnavailable', {
        detail: 'What was removed is still in the write-ahead log, held by a search; remove it again.',
      });
    const pages = treePagesOf(connection);
    // This connection would write back pages as it remembers them.
    connection[Symbol.dispose]();
    try {
      scrubPages(pages);
    } finally {
      this.#open = this.#openLive();
    }
  }
}

/** Makes the first file where there is none, and clears what a crash left. */
const prepareFiles = (path: string): void => {
  if (liveFileOf(path) === undefined) makeFirstFile(path);
  else removeLeftovers(path);
};

/** An empty live file under a number that no other had; whatever there was before goes. */
const makeFirstFile = (path: string): void => {
  const file = nextFileOf(path);
  createIndexFile(file);
  makeLive(path, file);
  removeLeftovers(path);
};
