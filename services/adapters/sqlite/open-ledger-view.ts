import { rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isHoldfastError } from '../../core/errors.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Bookmark, LedgerView } from '../../ports/ledger-view.ts';
import { openConnection } from './connection.ts';
import { toLedgerFault } from './ledger-fault.ts';
import { openSqliteLedger } from './open-ledger.ts';

export interface LedgerViewOptions {
  /** The file; made anew where it is missing, damaged or of another version. */
  readonly path: string;
}

const bookmarkTable = `CREATE TABLE IF NOT EXISTS bookmark (
  stream TEXT PRIMARY KEY, next INTEGER NOT NULL, last_hash TEXT NOT NULL
) STRICT`;

/** A ledger's file with bookmarks beside it, on a connection of their own. */
class SqliteLedgerView implements LedgerView {
  readonly #path: string;
  #ledger: Ledger;
  #bookmarks: DatabaseSync;
  #read: StatementSync;
  #write: StatementSync;

  constructor(path: string, ledger: Ledger) {
    this.#path = path;
    this.#ledger = ledger;
    this.#bookmarks = openConnection(path, { disposable: true });
    this.#bookmarks.exec(bookmarkTable);
    this.#read = this.#bookmarks.prepare('SELECT next, last_hash FROM bookmark WHERE stream = ?');
    this.#write = this.#bookmarks.prepare('INSERT OR REPLACE INTO bookmark VALUES (?, ?, ?)');
  }

  propose: Ledger['propose'] = (proposal) => this.#ledger.propose(proposal);
  frontier: Ledger['frontier'] = (partition) => this.#ledger.frontier(partition);
  ranges: Ledger['ranges'] = (partition, fromOffset) => this.#ledger.ranges(partition, fromOffset);
  entries: Ledger['entries'] = (partition, offsets) => this.#ledger.entries(partition, offsets);
  find: Ledger['find'] = (eventIds) => this.#ledger.find(eventIds);
  quarantined: Ledger['quarantined'] = (...asked) => this.#ledger.quarantined(...asked);
  counts: Ledger['counts'] = (partition) => this.#ledger.counts(partition);

  async bookmark(stream: string): Promise<Bookmark | undefined> {
    const row = this.#attempt(() => this.#read.get(stream));
    return row === undefined ? undefined : { next: Number(row.next), lastHash: String(row.last_hash) };
  }

  async setBookmark(stream: string, { next, lastHash }: Bookmark): Promise<void> {
    this.#attempt(() => this.#write.run(stream, next, lastHash));
  }

  async clear(): Promise<void> {
    await this[Symbol.asyncDispose]();
    removeFiles(this.#path);
    const fresh = new SqliteLedgerView(
      this.#path,
      await openSqliteLedger({ path: this.#path, disposable: true }),
    );
    this.#ledger = fresh.#ledger;
    this.#bookmarks = fresh.#bookmarks;
    this.#read = fresh.#read;
    this.#write = fresh.#write;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#bookmarks.isOpen) this.#bookmarks.close();
    await this.#ledger[Symbol.asyncDispose]();
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toLedgerFault(error, this.#path);
    }
  }
}

/** Opens the copy, or an empty one in the place of a file that is none. */
export const openSqliteLedgerView = async ({ path }: LedgerViewOptions): Promise<LedgerView> => {
  const open = async () => new SqliteLedgerView(path, await openSqliteLedger({ path, disposable: true }));
  try {
    return await open();
  } catch (error) {
    if (!isHoldfastError(error, 'DataFolderInvalid')) throw error;
    removeFiles(path);
    return open();
  }
};

const removeFiles = (path: string): void => {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
};
