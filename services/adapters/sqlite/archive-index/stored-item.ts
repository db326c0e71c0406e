import type { IndexConnection, Row } from './index-connection.ts';

/** What a write must know of an item that is already there. */
export interface StoredHead {
  readonly n: number;
  readonly id: string;
  readonly place: number;
  readonly newest: number;
  readonly conversation: number;
  readonly session: number;
  readonly hash: string;
  /** Rows of its versions, in order. */
  readonly rows: readonly number[];
}

const columns = 'n, id, place, newest, conversation, session, hash, versions, more';

const toHead = (row: Row): StoredHead => ({
  n: Number(row.n),
  id: String(row.id),
  place: Number(row.place),
  newest: Number(row.newest),
  conversation: Number(row.conversation),
  session: Number(row.session),
  hash: String(row.hash),
  rows: rowsOf(row),
});

/** The first version has the row of the item; the others are listed. */
export const rowsOf = ({ n, versions, more }: Row): number[] => {
  if (Number(versions) === 0) return [];
  return [Number(n), ...(more === null ? [] : (JSON.parse(String(more)) as number[]))];
};

/** Heads of the items with these ids among the rows; others may share a row's key. */
export const headsOf = (
  connection: IndexConnection,
  rows: readonly number[],
  ids: readonly string[],
): ReadonlyMap<string, StoredHead> => {
  const wanted = new Set(ids);
  const heads = new Map<string, StoredHead>();
  for (const n of new Set(rows)) {
    const row = connection.get(`SELECT ${columns} FROM item WHERE n = ?`, n);
    if (row !== undefined && wanted.has(String(row.id))) heads.set(String(row.id), toHead(row));
  }
  return heads;
};

export const headsBetween = (
  connection: IndexConnection,
  places: { readonly start: number; readonly end: number },
): readonly StoredHead[] =>
  connection
    .all(`SELECT ${columns} FROM item WHERE place >= ? AND place < ?`, places.start, places.end)
    .map(toHead);
