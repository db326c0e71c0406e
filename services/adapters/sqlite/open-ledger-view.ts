import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HoldfastError, isHoldfastError } from '../../core/errors.ts';
import type { Ledger, RangeRecord } from '../../ports/ledger.ts';
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

interface OpenFile {
  readonly ledger: Ledger;
  readonly bookmarks: DatabaseSync;
  readonly read: StatementSync;
  readonly write: StatementSync;
}

/** A ledger's file with bookmarks beside it, on a connection of their own. */
class SqliteLedgerView implements LedgerView {
  readonly #path: string;
  #file: OpenFile;

  constructor(path: string, file: OpenFile) {
    this.#path = path;
    this.#file = file;
  }

  propose: Ledger['propose'] = (proposal) => this.#ask((ledger) => ledger.propose(proposal));
  frontier: Ledger['frontier'] = (partition) => this.#ask((ledger) => ledger.frontier(partition));
  entries: Ledger['entries'] = (...asked) => this.#ask((ledger) => ledger.entries(...asked));
  find: Ledger['find'] = (eventIds) => this.#ask((ledger) => ledger.find(eventIds));
  quarantined: Ledger['quarantined'] = (...asked) => this.#ask((ledger) => ledger.quarantined(...asked));
  counts: Ledger['counts'] = (partition) => this.#ask((ledger) => ledger.counts(partition));

  async *ranges(...asked: Parameters<Ledger['ranges']>): AsyncGenerator<RangeRecord, void, void> {
    try {
      yield* this.#file.ledger.ranges(...asked);
    } catch (error) {
      throw this.#faultOf(error);
    }
  }

  bookmark(stream: string): Promise<Bookmark | undefined> {
    return this.#ask(async () => {
      const row = this.#file.read.get(stream);
      return row === undefined ? undefined : { next: Number(row.next), lastHash: String(row.last_hash) };
    });
  }

  setBookmark(stream: string, { next, lastHash }: Bookmark): Promise<void> {
    return this.#ask(async () => void this.#file.write.run(stream, next, lastHash));
  }

  async clear(): Promise<void> {
    await this[Symbol.asyncDispose]();
    removeFiles(this.#path);
    this.#file = await openFile(this.#path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { bookmarks, ledger } = this.#file;
    if (bookmarks.isOpen) bookmarks.close();
    await ledger[Symbol.asyncDispose]();
  }

  async #ask<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
    try {
      return await work(this.#file.ledger);
    } catch (error) {
      throw this.#faultOf(error);
    }
  }

  /** What is damaged where nothing looked at the start is noted, so that the next start does not keep it. */
  #faultOf(error: unknown): unknown {
    const fault = toLedgerFault(error, this.#path);
    if (!isHoldfastError(fault, 'DataFolderInvalid')) return fault;
    writeFileSync(markOf(this.#path), '');
    const detail = `${this.#path} is damaged. It is a copy, made anew when this process is started again.`;
    return new HoldfastError(
      'DataFolderInvalid',
      { detail, action: 'Start this process again.' },
      { cause: fault },
    );
  }
}

/** Opens the copy, or an empty one in the place of a file that is none. */
export const openSqliteLedgerView = async ({ path }: LedgerViewOptions): Promise<LedgerView> => {
  if (existsSync(markOf(path))) removeFiles(path);
  try {
    return new SqliteLedgerView(path, await openFile(path));
  } catch (error) {
    if (!isHoldfastError(error, 'DataFolderInvalid')) throw error;
    removeFiles(path);
    return new SqliteLedgerView(path, await openFile(path));
  }
};

const openFile = async (path: string): Promise<OpenFile> => {
  const resources = new AsyncDisposableStack();
  try {
    const ledger = resources.use(await openSqliteLedger({ path, disposable: true }));
    const bookmarks = resources.use(openConnection(path, { disposable: true }));
    bookmarks.exec(bookmarkTable);
    const read = bookmarks.prepare('SELECT next, last_hash FROM bookmark WHERE stream = ?');
    const write = bookmarks.prepare('INSERT OR REPLACE INTO bookmark VALUES (?, ?, ?)');
    return { ledger, bookmarks, read, write };
  } catch (error) {
    await resources.disposeAsync();
    throw toLedgerFault(error, path);
  }
};

const markOf = (path: string): string => `${path}-damaged`;

const removeFiles = (path: string): void => {
  for (const file of [path, `${path}-wal`, `${path}-shm`, markOf(path)]) rmSync(file, { force: true });
};
