import type { IndexDocument, IndexedVersion } from '../../../../schemas/archive/index-document.ts';
import type { StoredDocument } from '../../../ports/archive-index.ts';
import type { IndexConnection, Row } from './index-connection.ts';
import { damagedItem } from './index-fault.ts';
import { partitionOf, placeOf, placesBetween, placesFrom } from './place.ts';
import { rowsOf } from './stored-item.ts';
import { columnList } from './word-rows.ts';

/** Documents as they are stored, tokens included: nothing here is derived from the item, so that it can be compared. */
export const scanDocuments = (
  connection: IndexConnection,
  range: { readonly partition: number; readonly fromOffset: number; readonly limit: number },
): readonly StoredDocument[] => {
  const { start, end } = placesFrom(range.partition, range.fromOffset);
  const rows = connection.all(
    'SELECT n, id FROM item WHERE place >= ? AND place < ? ORDER BY place LIMIT ?',
    start,
    end,
    range.limit,
  );
  return rows.map((row) => storedDocument(connection, row));
};

/** Documents by their newest fact. */
export const touchedDocuments = (
  connection: IndexConnection,
  partition: number,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): readonly StoredDocument[] => {
  const { start, end } = placesBetween(partition, { from, to });
  // The first query takes the index on places, the second the one on items with later facts.
  const rows = connection.all(
    `SELECT n, id, newest FROM item WHERE place >= ?1 AND place < ?2 AND newest = place
      UNION ALL SELECT n, id, newest FROM item WHERE newest > place AND newest >= ?1 AND newest < ?2
      ORDER BY newest, id LIMIT ?3`,
    start,
    end,
    limit,
  );
  return rows.map((row) => storedDocument(connection, row));
};

/** Documents with facts from an offset of each partition on. */
export const documentsBeyond = (
  connection: IndexConnection,
  partitions: number,
  offsets: readonly number[],
): readonly IndexDocument[] =>
  Array.from({ length: partitions }, (_, partition) => {
    const range = { from: offsets[partition] ?? 0, to: Number.POSITIVE_INFINITY, limit: -1 };
    return touchedDocuments(connection, partition, range).map(({ document }) => document);
  }).flat();

const storedDocument = (connection: IndexConnection, { n, id }: Row): StoredDocument => {
  try {
    return { document: readDocument(connection, Number(n)) };
  } catch (error) {
    throw damagedItem(connection.file, String(id), error);
  }
};

const selectItem = `SELECT item.*, conversation.id AS conversation_id, session.id AS session_id
  FROM item LEFT JOIN conversation ON conversation.n = item.conversation LEFT JOIN session ON session.n = item.session
  WHERE item.n = ?`;

const readDocument = (connection: IndexConnection, n: number): IndexDocument => {
  const row = connection.get(selectItem, n) ?? {};
  const place = Number(row.place);
  const partition = partitionOf(place);
  const base = placeOf(partition, 0);
  return {
    id: String(row.id),
    generation: Number(row.generation),
    partition,
    firstOffset: place - base,
    newestOffset: Number(row.newest) - base,
    conversation: String(row.conversation_id),
    session: String(row.session_id),
    sent: Number(row.sent),
    edits: row.edits === null ? [] : (JSON.parse(String(row.edits)) as number[]),
    ...(row.deleted === null ? {} : { deletedAt: Number(row.deleted) }),
    itemHash: String(row.hash),
    item: String(row.json),
    versions: rowsOf(row).map((version) => readVersion(connection, version)),
  } as IndexDocument;
};

const readVersion = (connection: IndexConnection, n: number): IndexedVersion => {
  const version: Row =
    connection.get('SELECT number, offset, sent, unread FROM version WHERE n = ?', n) ?? {};
  const words: Row = connection.get(`SELECT ${columnList} FROM words WHERE rowid = ?`, BigInt(n)) ?? {};
  return {
    number: Number(version.number),
    offset: Number(version.offset),
    subject: String(words.subject),
    body: String(words.body),
    names: String(words.names),
    joined: String(words.joined),
    keys: String(words.keys),
    sent: Number(version.sent),
    unread: Number(version.unread) !== 0,
  };
};
