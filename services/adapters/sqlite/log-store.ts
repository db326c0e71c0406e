import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type ConnectionOptions, isReadOnly, openConnection } from './connection.ts';
import { assertLogEnds, assertLogSchema, createLogSchema } from './log-schema.ts';
import { nameOf, type Place, type Slot } from './log-slots.ts';
import { transact } from './transact.ts';

/** A record on its way in; its partition is already decided. */
export interface PlacedRecord {
  readonly slot: number;
  readonly key: string;
  readonly value: Uint8Array;
}

/** Where the records of one slot of a commit begin; they follow each other in the order given. */
export interface SlotReceipt {
  readonly slot: number;
  readonly firstOffset: number;
  readonly loggedAtMs: number;
}

export interface StoredRecord {
  readonly loggedAtMs: number;
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface ReadQuery {
  readonly slot: number;
  readonly fromOffset: number;
  readonly maxRecords: number;
  readonly maxBytes: number;
}

interface Cursor {
  next: number;
  readonly receipt: SlotReceipt;
}

/** The log's file, spoken to synchronously by the one thread that opened it. */
export class LogStore {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #slots: readonly Slot[];
  readonly #counter: StatementSync;
  readonly #setCounter: StatementSync;
  readonly #inserts: readonly StatementSync[];
  readonly #reads: readonly StatementSync[];
  readonly #gets: readonly StatementSync[];
  readonly #erases: readonly StatementSync[];

  constructor(path: string, slots: readonly Slot[], options: ConnectionOptions) {
    const db = openLog(path, slots, options);
    const prepareEach = (sql: (table: string) => string) =>
      slots.map((slot) => asArrays(db.prepare(sql(`records_${nameOf(slot)}`))));
    this.#db = db;
    this.#path = path;
    this.#slots = slots;
    this.#counter = asArrays(db.prepare('SELECT next_offset, last_logged_at FROM partitions WHERE name = ?'));
    this.#setCounter = db.prepare('UPDATE partitions SET next_offset = ?, last_logged_at = ? WHERE name = ?');
    this.#inserts = prepareEach((table) => `INSERT INTO ${table} VALUES (?, ?, ?, ?)`);
    const columns = 'SELECT logged_at, key, value FROM';
    this.#reads = prepareEach((table) => `${columns} ${table} WHERE offset >= ? ORDER BY offset LIMIT ?`);
    this.#gets = prepareEach((table) => `${columns} ${table} WHERE offset = ?`);
    this.#erases = prepareEach((table) => `UPDATE ${table} SET value = NULL WHERE offset = ?`);
    // What a killed process had erased may still be in its write-ahead log.
    if (!isReadOnly(options)) this.truncate();
  }

  /** All of it or, when it throws, nothing; durable when it returns. */
  commit(records: readonly PlacedRecord[], nowMs: number): readonly SlotReceipt[] {
    return transact(this.#db, () => {
      const cursors = new Map<number, Cursor>();
      for (const { slot, key, value } of records) {
        const cursor = cursors.get(slot) ?? this.#openCursor(cursors, slot, nowMs);
        this.#inserts[slot]!.run(cursor.next++, cursor.receipt.loggedAtMs, key, value);
      }
      return Array.from(cursors, ([slot, { next, receipt }]) => {
        this.#setCounter.run(next, receipt.loggedAtMs, nameOf(this.#slots[slot]!));
        return receipt;
      });
    });
  }

  /** In order, from that offset on; at least one record when there is one, however large. */
  read({ slot, fromOffset, maxRecords, maxBytes }: ReadQuery): StoredRecord[] {
    const records: StoredRecord[] = [];
    let bytes = 0;
    for (const row of this.#reads[slot]!.iterate(fromOffset, maxRecords)) {
      const record = toRecord(row);
      records.push(record);
      bytes += record.value?.byteLength ?? 0;
      if (bytes >= maxBytes) break;
    }
    return records;
  }

  get(places: readonly Place[]): (StoredRecord | undefined)[] {
    return places.map(({ slot, offset }) => {
      const row = this.#gets[slot]!.get(offset);
      return row && toRecord(row);
    });
  }

  end(slot: number): number {
    return this.#counterOf(slot).next;
  }

  /** Takes the values away; the bytes may stay in the write-ahead log until `truncate` says otherwise. */
  erase(places: readonly Place[]): void {
    transact(this.#db, () => {
      for (const { slot, offset } of places) this.#erases[slot]!.run(offset);
    });
  }

  /** Copies the write-ahead log back and empties it; false while a reader still needs it. */
  truncate(): boolean {
    // The commit's patience with other connections would block this thread for seconds here.
    const patience = this.#db.prepare('PRAGMA busy_timeout').get()?.timeout;
    this.#db.exec('PRAGMA busy_timeout = 0');
    try {
      const busy = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy;
      return busy === 0 && (statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${patience}`);
    }
  }

  close(): void {
    this.#db.close();
  }

  #openCursor(cursors: Map<number, Cursor>, slot: number, nowMs: number): Cursor {
    const { next, lastLoggedAtMs } = this.#counterOf(slot);
    const receipt = { slot, firstOffset: next, loggedAtMs: Math.max(nowMs, lastLoggedAtMs) };
    const cursor = { next, receipt };
    cursors.set(slot, cursor);
    return cursor;
  }

  #counterOf(slot: number): { next: number; lastLoggedAtMs: number } {
    const [next, lastLoggedAtMs] = columnsOf(this.#counter.get(nameOf(this.#slots[slot]!)));
    return { next: Number(next), lastLoggedAtMs: Number(lastLoggedAtMs) };
  }
}

const openLog = (path: string, slots: readonly Slot[], options: ConnectionOptions): DatabaseSync => {
  const db = openConnection(path, options);
  try {
    if (!isReadOnly(options)) createLogSchema(db, slots);
    assertLogSchema(db, slots, path);
    assertLogEnds(db, slots, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

const asArrays = (statement: StatementSync): StatementSync => {
  statement.setReturnArrays(true);
  return statement;
};

/** Rows of statements set to return arrays; the types of node:sqlite know objects only. */
const columnsOf = (row: unknown): readonly unknown[] => row as readonly unknown[];

const toRecord = (row: unknown): StoredRecord => {
  const [loggedAtMs, key, value] = columnsOf(row);
  return { loggedAtMs: loggedAtMs as number, key: key as string, value: value as Uint8Array | null };
};
