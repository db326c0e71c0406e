import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { folderInvalid } from './folder-fault.ts';

const lockName = 'lock.db';
const sqliteBusy = 5;

/** Who holds a data folder, as they wrote it down. */
export interface LockHolder {
  readonly pid: number;
}

/** The lock, or who has it: `undefined` where they have not said yet. */
export type LockAttempt =
  | { readonly held: true; readonly lock: Disposable }
  | { readonly held: false; readonly holder: LockHolder | undefined };

/**
 * Takes the folder for this process until disposed; a kill frees it. An exclusive transaction keeps every other
 * connection out, of this process too; WAL files alone would not refuse a second writer.
 */
export const lockFolder = (folder: string): LockAttempt => {
  const db = new DatabaseSync(join(folder, lockName), { timeout: 0 });
  return hold(db, folder, () => {
    // Written and committed, yet the lock stays: so that others can read who holds it.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    db.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL) STRICT; DELETE FROM holder');
    db.prepare('INSERT INTO holder VALUES (?)').run(process.pid);
    db.exec('COMMIT; BEGIN EXCLUSIVE');
  });
};

/** Keeps writers out while a folder is read that cannot be written; without a lock file there is nobody to keep out. */
export const lockFolderForReading = (folder: string): LockAttempt => {
  const path = join(folder, lockName);
  if (!existsSync(path)) return { held: true, lock: { [Symbol.dispose]: () => undefined } };
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'ro');
  const db = new DatabaseSync(url, { readOnly: true, timeout: 0 });
  return hold(db, folder, () => db.exec('BEGIN; SELECT count(*) FROM sqlite_schema'));
};

/** Who wrote their name into the lock last, whether they still hold it or not. */
export const readHolder = (folder: string): LockHolder | undefined => {
  const url = pathToFileURL(join(folder, lockName));
  // Reads past the lock; the holder wrote the row once and writes no more.
  url.searchParams.set('immutable', '1');
  try {
    using db = new DatabaseSync(url, { readOnly: true });
    const pid = db.prepare('SELECT pid FROM holder').get()?.pid;
    return typeof pid === 'number' ? { pid } : undefined;
  } catch {
    return undefined;
  }
};

const hold = (db: DatabaseSync, folder: string, take: () => void): LockAttempt => {
  try {
    take();
    return { held: true, lock: { [Symbol.dispose]: () => db.close() } };
  } catch (error) {
    db.close();
    if (isBusy(error)) return { held: false, holder: readHolder(folder) };
    const path = join(folder, lockName);
    throw folderInvalid(path, `${path} cannot be locked; when no process uses ${folder}, delete it.`, error);
  }
};

const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === sqliteBusy;
