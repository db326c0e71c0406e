import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Dice } from '../../support/dice.ts';
import type { Change } from './change.ts';

/** Every file of log, ledger and index that holds rows; not the shared memory, which is made anew. */
export const filesOf = (data: string): readonly string[] =>
  readdirSync(data).filter(
    (name) => /^(log|ledger|index-\d+)\.db(-wal)?$/.test(name) && statSync(join(data, name)).size > 0,
  );

type Edit = (bytes: Buffer, chance: Dice) => { readonly what: string; readonly bytes: Buffer };

const pageBytes = 4096;

/** Bytes that hold something are changed more often than the empty rest of a page. */
const placeOf = (bytes: Buffer, chance: Dice): number => {
  let at = chance.below(bytes.length);
  for (let tries = 0; bytes[at] === 0 && tries < 8; tries += 1) at = chance.below(bytes.length);
  return at;
};

const flipped: Edit = (bytes, chance) => {
  const at = placeOf(bytes, chance);
  const changed = Buffer.from(bytes);
  const mask = 1 + chance.below(255);
  changed[at] = changed[at]! ^ mask;
  return { what: `byte ${at} changed by ${mask}`, bytes: changed };
};

const zeroed: Edit = (bytes, chance) => {
  const at = placeOf(bytes, chance);
  const changed = Buffer.from(bytes);
  changed.fill(0, at, at + 1 + chance.below(64));
  return { what: `bytes from ${at} on set to zero`, bytes: changed };
};

const cut: Edit = (bytes, chance) => {
  const length = chance.below(bytes.length);
  return { what: `cut off at ${length} of ${bytes.length} bytes`, bytes: bytes.subarray(0, length) };
};

const removed: Edit = (bytes, chance) => {
  const [at, length] = [placeOf(bytes, chance), 1 + chance.below(64)];
  return {
    what: `${length} bytes taken out at ${at}`,
    bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
  };
};

const inserted: Edit = (bytes, chance) => {
  const at = placeOf(bytes, chance);
  const more = Buffer.from(chance.hex(1 + chance.below(32)), 'hex');
  return {
    what: `${more.length} bytes put in at ${at}`,
    bytes: Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]),
  };
};

const swapped: Edit = (bytes, chance) => {
  const pages = Math.floor(bytes.length / pageBytes);
  const [one, other] = [chance.below(pages) * pageBytes, chance.below(pages) * pageBytes];
  const changed = Buffer.from(bytes);
  bytes.copy(changed, one, other, other + pageBytes);
  bytes.copy(changed, other, one, one + pageBytes);
  return { what: `pages at ${one} and ${other} exchanged`, bytes: changed };
};

const edits: readonly Edit[] = [flipped, flipped, flipped, flipped, zeroed, cut, removed, inserted, swapped];

/** Changes bytes of a file, as somebody with an editor or a failing disk would. */
export const changeBytes = (data: string, chance: Dice): Change => {
  const name = chance.pick(filesOf(data));
  const path = join(data, name);
  const { what, bytes } = chance.pick(edits)(readFileSync(path), chance);
  writeFileSync(path, bytes);
  return { what: `${name}: ${what}` };
};

/** Everything that can be read back, along the tables and along every index of them; undefined where it cannot. */
export const readBack = (data: string): string | undefined => {
  try {
    return ['log.db', 'ledger.db', 'index.db'].map((name) => dump(join(data, name))).join('\n');
  } catch {
    return undefined;
  }
};

const dump = (path: string): string => {
  using db = new DatabaseSync(path, { readOnly: true });
  const schema = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all();
  const rows = schema
    .filter(({ type, sql }) => type === 'table' && !/^CREATE VIRTUAL/.test(String(sql)))
    .map(({ name }) => {
      const indexes = schema.filter(({ type, tbl_name }) => type === 'index' && tbl_name === name);
      const whole = rowsOf(db, `SELECT * FROM "${name}" NOT INDEXED`);
      return [name, whole, ...indexes.map((index) => rowsAlong(db, String(index.name), String(index.sql)))];
    });
  return JSON.stringify([db.prepare('PRAGMA user_version').get(), schema, rows]);
};

const rowsOf = (db: DatabaseSync, sql: string): unknown[] =>
  db
    .prepare(sql)
    .all()
    .map((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ),
    );

const rowsAlong = (db: DatabaseSync, index: string, sql: string): unknown[] => {
  const columns = db
    .prepare(`PRAGMA index_info("${index}")`)
    .all()
    .map(({ name }) => `"${name}"`);
  const table = db.prepare('SELECT tbl_name FROM sqlite_schema WHERE name = ?').get(index)?.tbl_name;
  const condition = / WHERE (.*)$/s.exec(sql)?.[1];
  const where = condition === undefined ? '' : `WHERE ${condition}`;
  return rowsOf(db, `SELECT ${columns} FROM "${table}" INDEXED BY "${index}" ${where} ORDER BY ${columns}`);
};
