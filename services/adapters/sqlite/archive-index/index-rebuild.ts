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

/** A file nobody reads yet. Nothing in it need survive a crash before it is swapped in, so it is flushed only then. */
export class SqliteIndexRebuild implements IndexRebuild {
  readonly #file: string;
  readonly #connection: IndexConnection;
  readonly #writer: IndexWriter;
  readonly #swapIn: (file: string) => void;
  #ended = false;

  /** `swapIn` makes the file the live one; it is complete and closed then. */
  constructor(file: string, options: ConnectionOptions, swapIn: (file: string) => void) {
    this.#file = file;
    createIndexFile(file);
    this.#connection = new IndexConnection(file, options);
    this.#connection.db.exec('PRAGMA synchronous = OFF');
    this.#writer = new IndexWriter(this.#connection);
    this.#swapIn = swapIn;
  }

  async put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]> {
    return this.#attempt(() => this.#writer.put(documents));
  }

  async get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]> {
    return this.#attempt(() => readItems(this.#connection, ids));
  }

  async commit(): Promise<void> {
    this.#attempt(() => {
      this.#connection.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#close();
      flush(this.#file);
      this.#swapIn(this.#file);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#close();
    removeFile(this.#file);
  }

  #close(): void {
    this.#ended = true;
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
