import type { DatabaseSync } from 'node:sqlite';
import { HoldfastError } from '../../core/errors.ts';
import { nameOf, type Slot } from './log-slots.ts';

const version = 1;

/**
 * One table per partition, so that every append goes to the end of a tree: pages fill up and rows never move, which
 * is also why an overwritten value leaves no copy in a neighbouring page. Offsets come from `partitions`, never from
 * the rows.
 */
export const createLogSchema = (db: DatabaseSync, slots: readonly Slot[]): void => {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(`
      CREATE TABLE IF NOT EXISTS partitions (
        name TEXT PRIMARY KEY, next_offset INTEGER NOT NULL, last_logged_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`);
    if (userVersion(db) === 0) createPartitions(db, slots);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
};

/** The partitions of a log are fixed when it is made. */
export const assertLogSchema = (db: DatabaseSync, slots: readonly Slot[], path: string): void => {
  const found = userVersion(db);
  if (found !== version) {
    throw invalid(path, `is of version ${found}; this program reads version ${version}`);
  }
  const names = db.prepare('SELECT name FROM partitions ORDER BY name').all();
  const expected = slots.map(nameOf).sort();
  if (names.map(({ name }) => name).join() !== expected.join()) {
    throw invalid(
      path,
      `has partitions ${names.map(({ name }) => name).join(', ')}, not ${expected.join(', ')}`,
    );
  }
};

const createPartitions = (db: DatabaseSync, slots: readonly Slot[]): void => {
  const insert = db.prepare('INSERT INTO partitions VALUES (?, 0, 0)');
  for (const slot of slots) {
    insert.run(nameOf(slot));
    db.exec(`
      CREATE TABLE records_${nameOf(slot)} (
        offset INTEGER PRIMARY KEY, logged_at INTEGER NOT NULL, key TEXT NOT NULL, value BLOB
      ) STRICT`);
  }
  db.exec(`PRAGMA user_version = ${version}`);
};

const userVersion = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);

const invalid = (path: string, what: string): HoldfastError =>
  new HoldfastError('DataFolderInvalid', { detail: `The event log ${path} ${what}.`, path });
