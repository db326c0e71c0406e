/**
 * 53 bits of an item id: ids are long and random, so an index over the ids themselves is four times larger and the
 * dearest part of a put. Ids with the same key are told apart by the id in the row.
 */
export const idKey = (id: string): number => {
  let low = 0x2f0b4a87;
  let high = 0x6c1d39e5;
  for (let at = 0; at < id.length; at += 1) {
    const unit = id.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x27d4eb2f);
    high ^= high >>> 15;
  }
  low ^= high >>> 13;
  return ((high >>> 11) & 0x1fffff) * 2 ** 32 + (low >>> 0);
};
