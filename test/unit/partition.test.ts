import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { murmur2, partitionOf } from '../../services/core/conversation/partition.ts';

/** As published with the Java client's own tests. */
const vectors: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

for (const [key, expected] of vectors) {
  test(`murmur2 of "${key}" is what the Java client computes`, () => {
    assert.equal(murmur2(new TextEncoder().encode(key)), expected);
  });
}

test('a partition drops the sign before the modulo', () => {
  assert.equal(partitionOf('21', 4), (-973932308 & 0x7fffffff) % 4);
});

test('every key has one of the partitions', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 100 }), (key, partitions) => {
      const partition = partitionOf(key, partitions);
      return Number.isInteger(partition) && partition >= 0 && partition < partitions;
    }),
    { numRuns: 500, seed: 1 },
  );
});
