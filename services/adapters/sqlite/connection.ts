import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

export interface ConnectionOptions {
  /** Reads what others may be writing. */
  readonly readOnly?: boolean;
  /** Reads in a folder that cannot be written; nobody else may write the file meanwhile. */
  readonly immutable?: boolean;
  /** Upper bound of the file, in pages of 4 KiB: makes the file "full" without filling a disk. */
  readonly maxPages?: number;
  /** What is written can be made again: a power loss may take back the newest commits, never damage the file. */
  readonly disposable?: boolean;
  /** Pages the write-ahead log holds before a commit copies them back. */
  readonly checkpointPages?: number;
}

const busyTimeoutMs = 5000;

/**
 * A connection whose commits survive SIGKILL and power loss (WAL, `synchronous=FULL`) and whose deletes leave no bytes
 * in the file (`secure_delete`). Never open, read and close such a file by other means in the same process: closing it
 * drops this process's POSIX locks.
 */
export const openConnection = (path: string, options: ConnectionOptions = {}): DatabaseSync => {
  if (isReadOnly(options)) return openReadOnly(path, options);
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${options.disposable === true ? 'NORMAL' : 'FULL'};
      PRAGMA secure_delete = ON;
      PRAGMA temp_store = MEMORY;
      PRAGMA wal_autocheckpoint = ${options.checkpointPages ?? 4000};
    `);
    if (options.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

export const isReadOnly = ({ readOnly, immutable }: ConnectionOptions): boolean =>
  readOnly === true || immutable === true;

/**
 * `immutable` needs no lock and no shared memory, which could not be made; but it does not see what a killed writer
 * left in the write-ahead log. Then that writer's shared memory is there too, and the ordinary way works.
 */
const openReadOnly = (path: string, { immutable }: ConnectionOptions): DatabaseSync => {
  const url = pathToFileURL(path);
  if (immutable && !hasUncopiedPages(path)) url.searchParams.set('immutable', '1');
  else url.searchParams.set('mode', 'ro');
  return new DatabaseSync(url, { readOnly: true, timeout: busyTimeoutMs });
};

/** Whether the write-ahead log of this file holds anything. */
const hasUncopiedPages = (path: string): boolean =>
  (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
