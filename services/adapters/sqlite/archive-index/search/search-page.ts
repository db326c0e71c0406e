import type { SQLInputValue } from 'node:sqlite';
import type { Page } from '../../../../ports/archive-index.ts';
import type { IndexConnection, Row } from '../index-connection.ts';
import type { Condition } from './condition.ts';
import type { SortKey } from './cursor.ts';
import { rowsThat } from './write-sql.ts';

/** An item found: where it stands, and which of its versions were. */
export interface Found {
  readonly key: SortKey;
  readonly versions: readonly number[];
}

export interface PageRequest {
  readonly sort: Page['sort'];
  readonly after: SortKey | undefined;
  readonly limit: number;
}

/** The first items of the order beyond `after`, at most `limit`. */
export const findPage = (
  connection: IndexConnection,
  condition: Condition,
  request: PageRequest,
): readonly Found[] => {
  if (condition.type === 'none' || request.limit === 0) return [];
  // An item with several versions takes several rows; how many is only known when they were read.
  for (let maxRows = request.limit + 1; ; maxRows *= 4) {
    const rows = readRows(connection, { condition, request, maxRows });
    const items = group(rows, request.sort);
    if (rows.length < maxRows) return items.slice(0, request.limit);
    // The last item may go on beyond what was read.
    if (items.length > request.limit) return items.slice(0, request.limit);
  }
};

const readRows = (
  connection: IndexConnection,
  { condition, request, maxRows }: { condition: Condition; request: PageRequest; maxRows: number },
): Row[] => {
  const rows = rowsThat(condition);
  const { column, joins, direction, after } = sortOf(request);
  const operator = direction === 'ASC' ? '>' : '<';
  const beyond =
    after === undefined ? '' : `AND (${column} ${operator} ? OR (${column} = ? AND v.place > ?))`;
  return connection.query(
    `SELECT v.place, v.number, ${column} AS first FROM ${rows.source} ${joins}
      WHERE ${rows.condition.sql} ${beyond} ORDER BY ${column} ${direction}, v.place, v.number LIMIT ?`,
    [...rows.condition.values, ...(after === undefined ? [] : [after[0], ...after]), maxRows],
  );
};

interface Sort {
  readonly column: string;
  readonly joins: string;
  readonly direction: 'ASC' | 'DESC';
  readonly after: readonly [SQLInputValue, number] | undefined;
}

const sortOf = ({ sort, after }: PageRequest): Sort =>
  sort === 'sent'
    ? {
        column: 'v.first_sent',
        joins: '',
        direction: 'DESC',
        after: after?.sort === 'sent' ? [after.sent, after.place] : undefined,
      }
    : {
        column: 'c.id',
        joins: 'CROSS JOIN item i ON i.place = v.place CROSS JOIN conversation c ON c.n = i.conversation',
        direction: 'ASC',
        after: after?.sort === 'conversation' ? [after.conversation, after.place] : undefined,
      };

const group = (rows: readonly Row[], sort: Page['sort']): Found[] => {
  const items: { key: SortKey; versions: number[] }[] = [];
  for (const row of rows) {
    const place = Number(row.place);
    const last = items.at(-1);
    if (last?.key.place === place) last.versions.push(Number(row.number));
    else items.push({ key: keyOf(row, sort), versions: [Number(row.number)] });
  }
  return items;
};

const keyOf = (row: Row, sort: Page['sort']): SortKey =>
  sort === 'sent'
    ? { sort, sent: Number(row.first), place: Number(row.place) }
    : { sort, conversation: String(row.first), place: Number(row.place) };
