import { DatabaseSync } from 'node:sqlite';
import { fileVersion } from '../file-version.ts';
import { otherVersion } from './index-fault.ts';

const version = 1;

/** Rows of about 1 KB fill these better than pages of 4 KiB, and a put touches fewer of them. */
const pageBytes = 8192;

/**
 * - `words`: one row per version, tokens as analysed. It keeps its content: a contentless table keeps deleted bytes.
 *   `marks` holds `all`, `many` (the item has several versions) and `unread`, so that whole queries stay in FTS5.
 * - `version`: the narrow twin of `words` that sorting, dates and counting join; `n` is the row of both. What is of the
 *   item stands on each of its rows, so that nobody reads the wide table for it.
 * - `item`: `n` is the row of its first version, `more` the others. `newest` is a place like `place`. `key` is 53 bits
 *   of the id, by which `id_key` and `fresh_key` find it.
 */
const tables = `
  CREATE VIRTUAL TABLE words USING fts5(
    subject, body, names, joined, keys, marks, tokenize = 'ascii', columnsize = 0
  );
  INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
  INSERT INTO words (words, rank) VALUES ('automerge', 8);
  CREATE VIRTUAL TABLE term_column USING fts5vocab(words, col);
  CREATE VIRTUAL TABLE term_instance USING fts5vocab(words, instance);

  CREATE TABLE version (
    n INTEGER PRIMARY KEY, first_sent INTEGER NOT NULL, place INTEGER NOT NULL, many INTEGER NOT NULL,
    number INTEGER NOT NULL, sent INTEGER NOT NULL, offset INTEGER NOT NULL, unread INTEGER NOT NULL,
    conversation INTEGER NOT NULL, sender INTEGER
  ) STRICT;

  CREATE TABLE item (
    n INTEGER PRIMARY KEY, place INTEGER NOT NULL, newest INTEGER NOT NULL, key INTEGER NOT NULL,
    id TEXT NOT NULL, generation INTEGER NOT NULL, conversation INTEGER NOT NULL, session INTEGER NOT NULL,
    sent INTEGER NOT NULL, deleted INTEGER, edits TEXT, versions INTEGER NOT NULL, more TEXT,
    hash TEXT NOT NULL, json TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX item_place ON item (place);
  CREATE INDEX item_conversation ON item (conversation, place, session);
  CREATE INDEX item_changed ON item (newest) WHERE newest > place;
  CREATE INDEX item_edited ON item (place) WHERE edits IS NOT NULL;
  CREATE INDEX item_deleted ON item (deleted) WHERE deleted IS NOT NULL;

  CREATE TABLE id_key (key INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (key, n)) STRICT, WITHOUT ROWID;
  CREATE TABLE fresh_key (n INTEGER PRIMARY KEY, key INTEGER NOT NULL) STRICT;

  CREATE TABLE conversation (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE session (
    n INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, id TEXT NOT NULL, UNIQUE (conversation, id)
  ) STRICT;
  CREATE TABLE sender (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE tally (partition INTEGER PRIMARY KEY, items INTEGER NOT NULL) STRICT;
  PRAGMA user_version = ${version};`;

/** Makes the file; it must not exist. The page size must be set before anything is written. */
export const createIndexFile = (file: string): void => {
  const db = new DatabaseSync(file);
  try {
    db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; BEGIN; ${tables} COMMIT;`);
  } finally {
    db.close();
  }
};

export const assertIndexSchema = (db: DatabaseSync, path: string): void => {
  const found = fileVersion(db);
  if (found !== version) throw otherVersion(path, found, version);
};
