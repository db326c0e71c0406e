import type { DatabaseSync } from 'node:sqlite';
import { HoldfastError } from '../../core/errors.ts';
import { assertFileVersion, fileVersion } from './file-version.ts';
import { nameOf, type Slot } from './log-slots.ts';
import { transact } from './transact.ts';

const version = 1;

/**
 * One table per partition, so that every append goes to the end of a tree: pages fill up and rows never move, which
 * is also why an overwritten value leaves no copy in a neighbouring page. Offsets come from `partitions`, never from
 * the rows.
 */
export const createLogSchema = (db: DatabaseSync, slots: readonly Slot[]): void =>
  transact(db, () => {
    if (fileVersion(db) === 0) createPartitions(db, slots);
  });

/** The partitions of a log are fixed when it is made. */
export const assertLogSchema = (db: DatabaseSync, slots: readonly Slot[], path: string): void => {
  assertFileVersion(db, path, version);
  const found = db
    .prepare('SELECT name FROM partitions ORDER BY name')
    .all()
    .map(({ name }) => name);
  const expected = slots.map(nameOf).sort();
  if (found.join() === expected.join()) return;
  throw new HoldfastError('DataFolderInvalid', {
    detail: `${path} has the partitions ${found.join(', ')}; expected ${expected.join(', ')}.`,
    path,
  });
};

/** What ends a partition stands beside its rows: rows taken off its end, or an end that was moved, show. */
export const assertLogEnds = (db: DatabaseSync, slots: readonly Slot[], path: string): void => {
  for (const slot of slots) {
    const name = nameOf(slot);
    // One statement, so that another process may append meanwhile.
    const row = db
      .prepare(
        `SELECT next_offset, last_logged_at, offset, logged_at FROM partitions LEFT JOIN records_${name}
          ON offset = (SELECT max(offset) FROM records_${name}) WHERE name = ?`,
      )
      .get(name);
    const [end, lastMs] = row?.offset == null ? [0, 0] : [Number(row.offset) + 1, row.logged_at];
    if (row?.next_offset === end && row.last_logged_at === lastMs) continue;
    throw new HoldfastError('DataFolderInvalid', {
      detail: `${path} says that partition ${name} ends at ${row?.next_offset} (${row?.last_logged_at}), but its events end at ${end} (${lastMs}): it was changed. Keep it as it is, and restore a copy into another folder.`,
      path,
    });
  }
};

const createPartitions = (db: DatabaseSync, slots: readonly Slot[]): void => {
  db.exec(`
    CREATE TABLE partitions (
      name TEXT PRIMARY KEY, next_offset INTEGER NOT NULL, last_logged_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
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
