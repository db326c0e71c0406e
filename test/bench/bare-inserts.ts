import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { IndexConnection } from '../../services/adapters/sqlite/archive-index/index-connection.ts';
import { createIndexFile } from '../../services/adapters/sqlite/archive-index/index-schema.ts';
import { transact } from '../../services/adapters/sqlite/transact.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type RunCost, startCost } from './processor-time.ts';

/** Rows of one table of an index in memory; the first value of each is its number. */
export interface StoredRows {
  readonly table: string;
  readonly insert: string;
  readonly rows: readonly (readonly SQLInputValue[])[];
}

/** What the index keeps of each item, ready to be inserted: the words that FTS5 finds, and the tables beside them. */
export const readStoredRows = (file: string): StoredRows[] => {
  using connection = new IndexConnection(file, { readOnly: true });
  return [
    readTable(connection, 'words', 'rowid'),
    readTable(connection, 'version', 'n'),
    readTable(connection, 'item', 'n'),
  ];
};

const readTable = ({ db }: IndexConnection, table: string, number: string): StoredRows => {
  const columns = db
    .prepare(`SELECT * FROM ${table} LIMIT 0`)
    .columns()
    .map(({ name }) => name)
    .filter((name) => name !== number);
  const all = [number, ...columns].join(', ');
  const rows = db.prepare(`SELECT ${all} FROM ${table} ORDER BY ${number}`).all();
  return {
    table,
    insert: `INSERT INTO ${table} (${all}) VALUES (?${', ?'.repeat(columns.length)})`,
    rows: rows.map((row) => Object.values(row)),
  };
};

interface BareOptions {
  readonly parent: string;
  readonly rowsEach: number;
}

/**
 * Inserts these rows into a new file like that of the index and does nothing else: the same tables, file settings,
 * durability and number of rows in each transaction.
 */
export const insertBare = async (
  tables: readonly StoredRows[],
  { parent, rowsEach }: BareOptions,
): Promise<RunCost> => {
  await using folder = await temporaryFolder(parent);
  const file = join(folder.path, 'bare.db');
  createIndexFile(file);
  using connection = new IndexConnection(file, {});
  const inserts = tables.map(({ insert, rows }) => ({ statement: connection.db.prepare(insert), rows }));
  const last = Number(tables[0]?.rows.at(-1)?.[0]);
  const done = tables.map(() => 0);
  const endCost = startCost();
  for (let end = rowsEach; end < last + rowsEach; end += rowsEach)
    transact(connection.db, () => {
      for (const [at, { statement, rows }] of inserts.entries())
        for (let row = rows[done[at]!]; row !== undefined && Number(row[0]) <= end; row = rows[++done[at]!])
          statement.run(...row);
    });
  const cost = endCost();
  for (const { table, rows } of tables)
    assert.equal(connection.get(`SELECT count(*) AS rows FROM ${table}`)?.rows, rows.length, table);
  return cost;
};
