const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;
const rotation = 24;

/** murmur2 as Kafka's Java client computes it (32 bits, signed). */
export const murmur2 = (bytes: Uint8Array): number => {
  const { length } = bytes;
  const tail = length & ~3;
  let hash = seed ^ length;
  for (let i = 0; i < tail; i += 4) {
    let word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    word = Math.imul(word, multiplier);
    word = Math.imul(word ^ (word >>> rotation), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (length > tail) {
    for (let i = length - 1; i >= tail; i--) hash ^= bytes[i]! << (8 * (i - tail));
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
};

const encoder = new TextEncoder();

/**
 * The partition of a key: murmur2 of its UTF-8, sign bit dropped, modulo. The same as Kafka's default partitioner, so
 * that a conversation keeps its partition number whichever log holds it.
 */
export const partitionOf = (key: string, partitions: number): number =>
  (murmur2(encoder.encode(key)) & 0x7fffffff) % partitions;
