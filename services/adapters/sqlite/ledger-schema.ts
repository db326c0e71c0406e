import type { DatabaseSync } from 'node:sqlite';
import { assertFileVersion, fileVersion } from './file-version.ts';
import { transact } from './transact.ts';

const version = 1;

/**
 * `ranges` and `heads` are the account and can only grow; the rest follows from them. `occurrences` finds event ids:
 * `key` is the first 48 bits of the id's SHA-256, `place` an offset and a partition; it covers the ranges up to
 * `occurrences_through`.
 */
const tables = `
  CREATE TABLE partitions (
    number INTEGER PRIMARY KEY, stream TEXT NOT NULL, generation INTEGER NOT NULL, partition INTEGER NOT NULL,
    UNIQUE (stream, generation, partition)
  ) STRICT;
  CREATE TABLE ranges (
    id INTEGER PRIMARY KEY, partition INTEGER NOT NULL REFERENCES partitions (number),
    from_offset INTEGER NOT NULL, to_offset INTEGER NOT NULL, previous_root TEXT NOT NULL, root TEXT NOT NULL,
    peaks TEXT NOT NULL, governance_offset INTEGER NOT NULL, entries TEXT NOT NULL, hashes BLOB NOT NULL,
    UNIQUE (partition, from_offset)
  ) STRICT;
  CREATE TABLE quarantined (
    partition INTEGER NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (partition, offset)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE outcomes (
    partition INTEGER NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (partition, outcome)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE occurrences (
    key INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (key, place)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE occurrences_through (range INTEGER NOT NULL) STRICT;
  INSERT INTO occurrences_through VALUES (0);
  CREATE TABLE heads (id INTEGER PRIMARY KEY, head TEXT NOT NULL) STRICT;`;

const refusal = (table: string, event: 'UPDATE' | 'DELETE'): string => `
  CREATE TRIGGER ${table}_refuse_${event.toLowerCase()} BEFORE ${event} ON ${table}
  BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;`;

export const createLedgerSchema = (db: DatabaseSync): void =>
  transact(db, () => {
    if (fileVersion(db) !== 0) return;
    db.exec(tables);
    for (const table of ['ranges', 'heads']) {
      db.exec(refusal(table, 'UPDATE'));
      db.exec(refusal(table, 'DELETE'));
    }
    db.exec(`PRAGMA user_version = ${version}`);
  });

export const assertLedgerSchema = (db: DatabaseSync, path: string): void =>
  assertFileVersion(db, path, version);
