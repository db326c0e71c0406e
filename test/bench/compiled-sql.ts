import type { SQLInputValue } from 'node:sqlite';
import { IndexConnection, type Row } from '../../services/adapters/sqlite/archive-index/index-connection.ts';
import { searchIndex } from '../../services/adapters/sqlite/archive-index/search/search-index.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import type { Page } from '../../services/ports/archive-index.ts';
import { partitions } from './preload-log.ts';

/** Remembers every statement that was asked of it. */
class RecordingConnection extends IndexConnection {
  readonly asked: { readonly sql: string; readonly values: readonly SQLInputValue[] }[] = [];

  override all(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    this.asked.push({ sql, values });
    return super.all(sql, ...values);
  }

  override get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    this.asked.push({ sql, values });
    return super.get(sql, ...values);
  }

  override query(sql: string, values: readonly SQLInputValue[]): Row[] {
    this.asked.push({ sql, values });
    return super.query(sql, values);
  }
}

export interface CompiledSearch extends Disposable {
  readonly total: number;
  /** Runs the statements of the search, prepared before, and reads all their rows; nothing else is done. */
  run(): void;
}

/** The SQL that the index compiles a query to, on a connection of its own to the same file. */
export const compileSearch = (
  file: string,
  query: string,
  { limit, offsets }: { readonly limit: number; readonly offsets: readonly number[] },
): CompiledSearch => {
  const parsed = parseQuery(query, { now: new Date(), timeZone: 'UTC' });
  if (!parsed.ok) throw new Error(`${query}: ${parsed.faults[0]?.message}`);
  if (parsed.parsed.warnings.length > 0) throw new Error(`${query}: ${parsed.parsed.warnings[0]?.message}`);
  const page: Page = { limit, sort: 'sent', offsets };
  const connection = new RecordingConnection(file, { readOnly: true });
  const { total } = searchIndex(connection, parsed.parsed.query, { page, partitions: partitions.im });
  const statements = connection.asked.map(({ sql, values }) => ({
    statement: connection.db.prepare(sql),
    values,
  }));
  return {
    total,
    run: () =>
      connection.snapshot(() => {
        for (const { statement, values } of statements) statement.all(...values);
      }),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
};
