import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Dice } from '../../support/dice.ts';
import { type Change, namesPlace, says } from './change.ts';
import { alter } from './sqlite-rows.ts';

interface Place {
  readonly db: DatabaseSync;
  readonly table: string;
  readonly name: string;
  readonly partition: number;
  readonly size: number;
  readonly offset: number;
  readonly chance: Dice;
}

type Kind = (place: Place) => Pick<Change, 'what'> & Partial<Change>;

const valueAt = ({ db, table }: Place, offset: number): Buffer =>
  Buffer.from(db.prepare(`SELECT value FROM ${table} WHERE offset = ?`).get(offset)?.value as Uint8Array);
const write = ({ db, table }: Place, offset: number, value: Uint8Array | null): void => {
  db.prepare(`UPDATE ${table} SET value = ? WHERE offset = ?`).run(value, offset);
};

const kinds: Readonly<Record<string, Kind>> = {
  bytes: (place) => {
    const value = valueAt(place, place.offset);
    const at = place.chance.below(value.length);
    value[at] = value[at]! ^ (1 + place.chance.below(255));
    write(place, place.offset, value);
    return { what: `byte ${at} changed` };
  },
  words: (place) => {
    // The same id, another content, as an event that would be taken.
    const text = valueAt(place, place.offset).toString();
    const changed = text.includes('"body":"') ? text.replace('"body":"', '"body":"not ') : `${text} `;
    write(place, place.offset, Buffer.from(changed));
    return { what: 'another record of the same id' };
  },
  value: (place) => {
    write(place, place.offset, null);
    return { what: 'its value taken away' };
  },
  deleted: (place) => {
    place.db.prepare(`DELETE FROM ${place.table} WHERE offset = ?`).run(place.offset);
    return { what: 'deleted' };
  },
  swapped: (place) => {
    const other = (place.offset + 1) % place.size;
    const [one, two] = [valueAt(place, place.offset), valueAt(place, other)];
    if (one.equals(two)) return kinds.value!(place);
    write(place, place.offset, two);
    write(place, other, one);
    return { what: `exchanged with ${other}`, isNamedBy: namesPlace(place.partition, 0, place.size) };
  },
  inserted: ({ db, table, name, offset, size, partition }) => {
    db.exec(`UPDATE ${table} SET offset = -offset - 1 WHERE offset >= ${offset};
      UPDATE ${table} SET offset = -offset WHERE offset < 0;
      INSERT INTO ${table} SELECT ${offset}, logged_at, key, value FROM ${table} WHERE offset = ${offset + 1};
      UPDATE partitions SET next_offset = next_offset + 1 WHERE name = '${name}'`);
    return { what: 'a copy put in before it', isNamedBy: namesPlace(partition, offset, size) };
  },
  cut: ({ db, table, name, offset, partition, size }) => {
    db.exec(`DELETE FROM ${table} WHERE offset >= ${offset};
      UPDATE partitions SET next_offset = ${offset} WHERE name = '${name}'`);
    return { what: 'cut off from there on', isNamedBy: namesPlace(partition, offset, size) };
  },
  cutRowsOnly: ({ db, table, offset, partition, size }) => {
    db.exec(`DELETE FROM ${table} WHERE offset >= ${offset}`);
    return { what: 'rows cut off from there on', isNamedBy: namesPlace(partition, offset, size) };
  },
  end: ({ db, name, size, chance }) => {
    db.exec(`UPDATE partitions SET next_offset = ${size + 1 + chance.below(9)} WHERE name = '${name}'`);
    return { what: 'its end moved on', isNamedBy: says(/ends at|counts/) };
  },
  lastTime: ({ db, name }) => {
    db.exec(`UPDATE partitions SET last_logged_at = 4102444800000 WHERE name = '${name}'`);
    return { what: 'its last time moved on', isNamedBy: says(/ends at|counts/) };
  },
  time: ({ db, table, offset }) => {
    db.exec(`UPDATE ${table} SET logged_at = logged_at - 86400000 WHERE offset = ${offset}`);
    return { what: 'logged a day earlier' };
  },
};

const slots = [0, 1, 2, 3].map((n) => `im_1_${n}`).concat('im_1_1', 'im_1_2', 'governance_1_0', 'audit_1_0');

/** Changes records of the log in a way that leaves a well-formed file. */
export const changeLog = (data: string, chance: Dice): Change => {
  const name = chance.pick(slots);
  const table = `records_${name}`;
  const partition = Number(name.split('_')[2]);
  let change: Change = { what: '' };
  alter(join(data, 'log.db'), (db) => {
    const size = Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    const offset = chance.below(size - 1);
    while (change.what === '') {
      const kind = kinds[chance.pick(Object.keys(kinds))]!;
      change = kind({ db, table, name, partition, size, offset, chance });
    }
    change = {
      isNamedBy: namesPlace(partition, offset),
      ...change,
      what: `log ${name}/${offset}: ${change.what}`,
    };
  });
  return change;
};
