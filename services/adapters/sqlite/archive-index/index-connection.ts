import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type ConnectionOptions, openConnection } from '../connection.ts';
import { assertIndexSchema } from './index-schema.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Memory for pages: a search reads the narrow table from it, a put the upper pages of its indexes. */
const cacheKib = 32 * 1024;

/** One open index file with its statements, each prepared once. */
export class IndexConnection implements Disposable {
  readonly db: DatabaseSync;
  readonly file: string;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, options: ConnectionOptions) {
    this.file = file;
    this.db = openConnection(file, options);
    try {
      this.db.exec(`PRAGMA cache_size = -${cacheKib}`);
      assertIndexSchema(this.db, file);
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  all(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.statement(sql).all(...values);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.statement(sql).get(...values);
  }

  run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.statement(sql).run(...values);
  }

  /** For statements made for one search: they are not kept. */
  query(sql: string, values: readonly SQLInputValue[]): Row[] {
    return this.db.prepare(sql).all(...values);
  }

  /** As `query`, one row at a time: for what may be a large part of the index. */
  each(sql: string, values: readonly SQLInputValue[]): Iterable<Row> {
    return this.db.prepare(sql).iterate(...values);
  }

  /** Everything read inside sees one state of the index. */
  snapshot<T>(read: () => T): T {
    this.db.exec('BEGIN');
    try {
      return read();
    } finally {
      if (this.db.isTransaction) this.db.exec('COMMIT');
    }
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    if (this.db.isOpen) this.db.close();
  }
}
