/**
 * A place is partition and offset in one number: one narrow column that is the item's key, the sort's tie-breaker and
 * a range to scan. Offsets below 2^40 and partitions below 2^12 stay exact in a double.
 */
const offsetSpan = 2 ** 40;

export const placeOf = (partition: number, offset: number): number => partition * offsetSpan + offset;

export const partitionOf = (place: number): number => Math.floor(place / offsetSpan);

/** The places of one partition from an offset on; `end` is exclusive. */
export const placesFrom = (
  partition: number,
  fromOffset: number,
): { readonly start: number; readonly end: number } => ({
  start: placeOf(partition, Math.min(fromOffset, offsetSpan)),
  end: placeOf(partition + 1, 0),
});

/** The places of one partition in a range of offsets; `end` is exclusive. */
export const placesBetween = (
  partition: number,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly start: number; readonly end: number } => ({
  start: placeOf(partition, Math.min(from, offsetSpan)),
  end: placeOf(partition, Math.min(to, offsetSpan)),
});
