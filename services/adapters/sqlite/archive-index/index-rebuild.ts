import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { IndexDocument } from '../../../../schemas/archive/index-document.ts';
import type { Item } from '../../../../schemas/archive/item.ts';
import type { ItemId } from '../../../../schemas/ids.ts';
import type { IndexRebuild, PutOutcome } from '../../../ports/archive-index.ts';
import type { ConnectionOptions } from '../connection.ts';
import { IndexConnection } from './index-connection.ts';
import { toIndexFault } from './index-fault.ts';
import { createIndexFile } from './index-schema.ts';
import { IndexWriter } from './index-writer.ts';
import { removeFile } from './live-file.ts';
import { readItems } from './read-items.ts';

/** What a rebuild needs of the index whose place it takes. */
export interface ReplacedIndex {
  freeze(isFrozen: boolean): void;
  /** Its documents with facts from these offsets on. */
  beyond(accounted: readonly number[]): readonly IndexDocument[];
  /** Makes the file the live one; it is complete and closed then. */
  swapIn(file: string): void;
}

/** A file nobody reads yet. Nothing in it need survive a crash before it is swapped in, so it is flushed only then. */
export class SqliteIndexRebuild implements IndexRebuild {
  readonly #file: string;
  readonly #connection: IndexConnection;
  readonly #writer: IndexWriter;
  readonly #old: ReplacedIndex;
  #ended = false;

  constructor(file: string, options: ConnectionOptions, old: ReplacedIndex) {
    this.#file = file;
    createIndexFile(file);
    this.#connection = new IndexConnection(file, options);
    this.#connection.db.exec('PRAGMA synchronous = OFF');
    this.#writer = new IndexWriter(this.#connection);
    this.#old = old;
  }

  async put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]> {
    return this.#attempt(() => this.#writer.put(documents));
  }

  async get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]> {
    return this.#attempt(() => readItems(this.#connection, ids));
  }

  async freeze(): Promise<void> {
    this.#old.freeze(true);
  }

  async commit(accounted: readonly number[]): Promise<void> {
    this.#attempt(() => {
      this.#writer.put(this.#old.beyond(accounted));
      this.#connection.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#close();
      flush(this.#file);
      this.#old.swapIn(this.#file);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#close();
    removeFile(this.#file);
  }

  #close(): void {
    this.#ended = true;
    this.#old.freeze(false);
    this.#connection[Symbol.dispose]();
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toIndexFault(error, this.#file);
    }
  }
}

const flush = (file: string): void => {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
