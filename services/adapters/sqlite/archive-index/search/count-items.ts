import type { IndexConnection } from '../index-connection.ts';
import type { Compiled } from './compile-query.ts';
import { both, type Condition, negate } from './condition.ts';
import { rowsOfMany } from './match-leaf.ts';
import { writeMatch } from './write-match.ts';
import { type RowSource, rowsThat } from './write-sql.ts';

/** Items with a row that satisfies the condition. An item with one version is its row, which FTS5 counts alone. */
export const countItems = (connection: IndexConnection, condition: Condition): number => {
  if (condition.type === 'none') return 0;
  const single = writeMatch(both(condition, negate(rowsOfMany)));
  if (single === undefined) return countRows(connection, rowsThat(condition));
  const row = connection.query('SELECT count(*) AS items FROM words WHERE words MATCH ?', [single])[0];
  return Number(row?.items) + countPlaces(connection, both(condition, rowsOfMany));
};

/**
 * Items for which the query is unknown: possible by some version, sure by none. Rows in doubt are looked at first,
 * because there are seldom any; items with several versions are counted both ways, because another version may be sure.
 */
export const countUndetermined = (
  connection: IndexConnection,
  { sure, possible, doubt }: Compiled,
): number => {
  const unknown = both(doubt, possible, negate(sure));
  const single = countItems(connection, both(unknown, negate(rowsOfMany)));
  if (countPlaces(connection, both(unknown, rowsOfMany)) === 0) return single;
  const [mayBe, are] = [possible, sure].map((rows) => countPlaces(connection, both(rows, rowsOfMany)));
  return single + mayBe! - are!;
};

const countRows = (connection: IndexConnection, { source, condition }: RowSource): number => {
  const [row] = connection.query(
    `SELECT count(*) FILTER (WHERE NOT v.many) + count(DISTINCT CASE WHEN v.many THEN v.place END) AS items
      FROM ${source} WHERE ${condition.sql}`,
    condition.values,
  );
  return Number(row?.items);
};

const countPlaces = (connection: IndexConnection, condition: Condition): number => {
  if (condition.type === 'none') return 0;
  const { source, condition: rows } = rowsThat(condition);
  const sql = `SELECT count(DISTINCT v.place) AS items FROM ${source} WHERE ${rows.sql}`;
  return Number(connection.query(sql, rows.values)[0]?.items);
};
