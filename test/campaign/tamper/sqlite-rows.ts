import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Dice } from '../../support/dice.ts';
import type { Change } from './change.ts';

/** Runs SQL on a closed database, past its triggers and SQLite's own guards, and leaves no write-ahead log. */
export const alter = (path: string, change: (db: DatabaseSync) => void): void => {
  using db = new DatabaseSync(path, { defensive: false });
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  change(db);
  for (const { sql } of triggers) db.exec(String(sql));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
};

interface Column {
  readonly name: string;
  readonly value: SQLInputValue;
}

/** What is not signed and has no meaning for what was archived, or can be shown by no check: docs/operations.md. */
const isUnsigned = (table: string, column: string): boolean =>
  (table.startsWith('records_') && (column === 'logged_at' || column === 'key')) ||
  (table === 'ranges' && column === 'governance_offset') ||
  (table === 'heads' && column === 'id');

/** Changes, deletes, copies or exchanges rows of any table, knowing nothing of what they mean. */
export const changeRow = (data: string, chance: Dice): Change => {
  const file = chance.pick(['log.db', 'ledger.db', 'index.db', 'index.db']);
  let what = '';
  alter(join(data, file), (db) => {
    while (what === '') what = tryChange(db, chance);
  });
  return { what: `${file}: ${what}` };
};

const tryChange = (db: DatabaseSync, chance: Dice): string => {
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    )
    .all();
  const table = String(chance.pick(tables).name);
  const rows = db.prepare(`SELECT * FROM "${table}"`).all();
  if (rows.length === 0) return '';
  const at = chance.below(rows.length);
  const row = columnsOf(rows[at]!);
  try {
    return chance.pick([changeCell, changeCell, changeCell, deleteRow, copyCell])(
      db,
      { table, row, rows, at },
      chance,
    );
  } catch {
    // A constraint of the table refused it.
    return '';
  }
};

interface Chosen {
  readonly table: string;
  readonly row: readonly Column[];
  readonly rows: readonly Record<string, unknown>[];
  readonly at: number;
}

const changeCell = (db: DatabaseSync, { table, row, at }: Chosen, chance: Dice): string => {
  const { name, value } = chance.pick(row);
  if (isUnsigned(table, name)) return '';
  const changed = otherValue(value, chance);
  update(db, { table, row, name, value: changed });
  return `${name} of row ${at} of ${table} changed`;
};

const deleteRow = (db: DatabaseSync, { table, row, at }: Chosen): string => {
  // An older head is covered by every later one.
  if (table === 'heads') return '';
  db.prepare(`DELETE FROM "${table}" WHERE ${matching(row)}`).run(...valuesOf(row));
  return `row ${at} of ${table} deleted`;
};

const copyCell = (db: DatabaseSync, { table, row, rows, at }: Chosen, chance: Dice): string => {
  const { name, value } = chance.pick(row);
  // A copy of another head in its place takes an older head away.
  if (table === 'heads') return '';
  const other = chance.pick(rows)[name] as SQLInputValue;
  if (isUnsigned(table, name) || String(other) === String(value)) return '';
  update(db, { table, row, name, value: other });
  return `${name} of row ${at} of ${table} taken from another row`;
};

const update = (
  db: DatabaseSync,
  { table, row, name, value }: Pick<Chosen, 'table' | 'row'> & Column,
): void => {
  const sql = `UPDATE "${table}" SET "${name}" = ? WHERE ${matching(row)}`;
  if (db.prepare(sql).run(value, ...valuesOf(row)).changes === 0) throw new Error('nothing was changed');
};

const columnsOf = (row: Record<string, unknown>): Column[] =>
  Object.entries(row).map(([name, value]) => ({ name, value: value as SQLInputValue }));

const matching = (row: readonly Column[]): string => row.map(({ name }) => `"${name}" IS ?`).join(' AND ');
const valuesOf = (row: readonly Column[]): SQLInputValue[] => row.map(({ value }) => value);

const otherValue = (value: SQLInputValue, chance: Dice): SQLInputValue => {
  if (typeof value === 'number') return value + chance.pick([1, -1, 7, 1_000_000]);
  if (typeof value === 'string') return otherText(value, chance);
  if (value instanceof Uint8Array) {
    if (value.length === 0 || chance.below(8) === 0) return Buffer.from(chance.hex(4), 'hex');
    const bytes = Buffer.from(value);
    const at = chance.below(bytes.length);
    bytes[at] = bytes[at]! ^ (1 + chance.below(255));
    return bytes;
  }
  return 1;
};

const otherText = (text: string, chance: Dice): string => {
  const at = chance.below(text.length + 1);
  const letter = chance.pick(['a', '0', '9', 'z', ' ']);
  return chance.below(2) === 0 || text[at] === letter || at === text.length
    ? `${text.slice(0, at)}${letter}${text.slice(at)}`
    : `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
};
