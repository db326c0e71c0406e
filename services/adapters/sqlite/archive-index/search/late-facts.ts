import type { Item } from '../../../../../schemas/archive/item.ts';
import { itemAsOf } from '../../../../core/item/item-as-of.ts';
import type { IndexConnection } from '../index-connection.ts';
import { placeOf, placesFrom } from '../place.ts';
import { itemOf, readWatermark } from '../read-items.ts';
import { all, both, type Condition, either, negate, where } from './condition.ts';

/** What a search at a vector must know of facts that came after it. */
export interface LateFacts {
  /** Items that have none. */
  readonly untouched: Condition;
  /** Items that had facts before and got more since, as they were then. */
  readonly asOf: () => Iterable<Item>;
}

const changedSince = `FROM item WHERE newest > place AND newest >= ? AND newest < ? AND place < ?`;

/** Undefined if the index holds no fact at or beyond these offsets, as for a search at the present vector. */
export const findLateFacts = (
  connection: IndexConnection,
  partitions: number,
  offsets: readonly number[],
): LateFacts | undefined => {
  const late = readWatermark(connection, partitions)
    .map((watermark, partition) => ({ watermark, partition, offset: offsets[partition] ?? 0 }))
    .filter(({ watermark, offset }) => watermark > offset);
  if (late.length === 0) return undefined;
  const touched = late.flatMap(({ partition, offset }) => {
    const { start, end } = placesFrom(partition, offset);
    return [
      both(where('v.place >= ?', start), where('v.place < ?', end)),
      where(`v.place IN (SELECT place ${changedSince})`, start, end, start),
    ];
  });
  return {
    untouched: touched.length === 0 ? all : negate(either(...touched)),
    asOf: function* () {
      for (const { partition, offset } of late) {
        const { start, end } = placesFrom(partition, offset);
        const rows = connection.query(`SELECT id, json ${changedSince}`, [
          start,
          end,
          placeOf(partition, offset),
        ]);
        for (const row of rows) {
          const item = itemAsOf(itemOf(row, connection.file), offset);
          if (item !== undefined) yield item;
        }
      }
    },
  };
};
