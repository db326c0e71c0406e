import type { ConversationPage, ConversationRange } from '../../../ports/archive-index.ts';
import type { IndexConnection, Row } from './index-connection.ts';
import { placeOf, placesFrom } from './place.ts';
import { itemOf, partitionOfConversation } from './read-items.ts';

const nothing: ConversationPage = { items: [], hasBefore: false, hasAfter: false };

/** A page of one conversation, or of one session of it. Walks the index on conversation, place and session. */
export const readConversation = (connection: IndexConnection, range: ConversationRange): ConversationPage => {
  const conversation = numberOf(connection, 'SELECT n FROM conversation WHERE id = ?', range.conversation);
  if (conversation === undefined) return nothing;
  const partition = partitionOfConversation(connection, conversation);
  if (partition === undefined) return nothing;
  const members = membersOf(connection, conversation, range.session);
  if (members === undefined) return nothing;
  const places = placesFrom(partition, range.from ?? 0);
  const end = range.before === undefined ? places.end : placeOf(partition, range.before);
  const newestFirst = range.from === undefined;
  const rows = select(connection, members, {
    start: places.start,
    end,
    newestFirst,
    limit: range.limit + 1,
  });
  const page = rows.slice(0, range.limit);
  const hasMore = rows.length > range.limit;
  if (newestFirst) page.reverse();
  const hasItems = (start: number, limit: number) =>
    select(connection, members, { start, end: limit, newestFirst: false, limit: 1 }).length > 0;
  return {
    items: page.map((row) => itemOf(row, connection.file)),
    hasBefore: newestFirst ? hasMore : hasItems(placeOf(partition, 0), places.start),
    hasAfter: newestFirst ? hasItems(end, places.end) : hasMore || hasItems(end, places.end),
  };
};

/** The condition that chooses the items, and its values. */
interface Members {
  readonly sql: string;
  readonly values: readonly number[];
}

const membersOf = (
  connection: IndexConnection,
  conversation: number,
  session: string | undefined,
): Members | undefined => {
  if (session === undefined) return { sql: 'conversation = ?', values: [conversation] };
  const sql = 'SELECT n FROM session WHERE conversation = ? AND id = ?';
  const number = numberOf(connection, sql, conversation, session);
  if (number === undefined) return undefined;
  return { sql: 'conversation = ? AND session = ?', values: [conversation, number] };
};

const numberOf = (
  connection: IndexConnection,
  sql: string,
  ...values: readonly (string | number)[]
): number | undefined => {
  const row = connection.get(sql, ...values);
  return row === undefined ? undefined : Number(row.n);
};

const select = (
  connection: IndexConnection,
  members: Members,
  range: { start: number; end: number; newestFirst: boolean; limit: number },
): Row[] =>
  connection.all(
    `SELECT id, json FROM item WHERE ${members.sql} AND place >= ? AND place < ?
      ORDER BY place ${range.newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
    ...members.values,
    range.start,
    range.end,
    range.limit,
  );
