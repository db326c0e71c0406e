import type { Item } from '../../../../schemas/archive/item.ts';
import type { ItemId } from '../../../../schemas/ids.ts';
import { rowsOfIds } from './id-index.ts';
import type { IndexConnection, Row } from './index-connection.ts';
import { damagedItem } from './index-fault.ts';
import { partitionOf, placesBetween, placesFrom } from './place.ts';

/** The item of a row with `id` and `json`. What the file holds was valid when it was put. */
export const itemOf = (row: Row, file: string): Item => {
  try {
    return JSON.parse(String(row.json)) as Item;
  } catch (error) {
    throw damagedItem(file, String(row.id), error);
  }
};

export const readItems = (
  connection: IndexConnection,
  ids: readonly ItemId[],
): readonly (Item | undefined)[] => {
  const wanted = new Set<string>(ids);
  const items = new Map<string, Item>();
  for (const n of rowsOfIds(connection, [...wanted])) {
    const row = connection.get('SELECT id, json FROM item WHERE n = ?', n);
    if (row !== undefined && wanted.has(String(row.id)))
      items.set(String(row.id), itemOf(row, connection.file));
  }
  return ids.map((id) => items.get(id));
};

export const itemAt = (connection: IndexConnection, place: number): Item | undefined => {
  const row = connection.get('SELECT id, json FROM item WHERE place = ?', place);
  return row === undefined ? undefined : itemOf(row, connection.file);
};

export const countItems = (
  connection: IndexConnection,
  partitions: number,
): { items: number; perPartition: number[] } => {
  const perPartition = new Array<number>(partitions).fill(0);
  for (const { partition, items } of connection.all('SELECT partition, items FROM tally'))
    perPartition[Number(partition)] = Number(items);
  return { items: perPartition.reduce((sum, items) => sum + items, 0), perPartition };
};

/** Items begun below an offset of each partition. */
export const countItemsBelow = (
  connection: IndexConnection,
  partitions: number,
  offsets: readonly number[],
): { items: number; perPartition: number[] } => {
  const perPartition = Array.from({ length: partitions }, (_, partition) => {
    const { start, end } = placesBetween(partition, { from: 0, to: offsets[partition] ?? 0 });
    // Counting what is beyond is cheaper: it is what the archiver is writing now.
    const beyond = connection.get(
      'SELECT count(*) AS items FROM item WHERE place >= ? AND place < ?',
      end,
      placesFrom(partition, 0).end,
    );
    return start >= end ? 0 : tallyOf(connection, partition) - Number(beyond?.items ?? 0);
  });
  return { items: perPartition.reduce((sum, items) => sum + items, 0), perPartition };
};

const tallyOf = (connection: IndexConnection, partition: number): number =>
  Number(connection.get('SELECT items FROM tally WHERE partition = ?', partition)?.items ?? 0);

/** End of the newest fact per partition; 0 where there is none. */
export const readWatermark = (connection: IndexConnection, partitions: number): number[] =>
  Array.from({ length: partitions }, (_, partition) => {
    const { start, end } = placesFrom(partition, 0);
    // The first query takes the index on places, the second the one on items with later facts.
    const newest = [
      connection.get('SELECT max(place) AS newest FROM item WHERE place >= ? AND place < ?', start, end),
      connection.get(
        'SELECT max(newest) AS newest FROM item WHERE newest > place AND newest >= ? AND newest < ?',
        start,
        end,
      ),
    ].flatMap((row) => (row?.newest == null ? [] : [Number(row.newest)]));
    return newest.length === 0 ? 0 : Math.max(...newest) - start + 1;
  });

/** Partition of a conversation, which all its items share. */
export const partitionOfConversation = (
  connection: IndexConnection,
  conversation: number,
): number | undefined => {
  const row = connection.get('SELECT min(place) AS place FROM item WHERE conversation = ?', conversation);
  return row?.place == null ? undefined : partitionOf(Number(row.place));
};
