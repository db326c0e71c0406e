import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { SearchableVector } from '../../services/search-api/searchable-vector.ts';

/** An archive that gets one more event with each look at it, and takes three seconds to refresh. */
const open = () => {
  const clock = new MemoryClock();
  const counted = { refreshes: 0, size: 0 };
  const vector = new SearchableVector(
    {
      clock,
      log: { partitions: { im: 1, governance: 1, audit: 1 } },
      ledger: { frontier: async () => ({ size: ++counted.size, root: '', peaks: [] }) },
      index: {
        refresh: async () => {
          counted.refreshes += 1;
          clock.advance(3000);
        },
      },
    },
    1000,
  );
  return { clock, counted, vector };
};

test('what was refreshed serves for its time from when the refresh ended, however long that took', async () => {
  const { clock, counted, vector } = open();
  assert.deepEqual(await vector.current(), [1]);
  clock.advance(999);
  assert.deepEqual(await vector.current(), [1]);
  assert.equal(counted.refreshes, 1);
  clock.advance(1);
  assert.deepEqual(await vector.current(), [2]);
  assert.equal(counted.refreshes, 2);
});

test('an advance never answers with what was being read before it', async () => {
  const { vector } = open();
  const before = vector.current();
  await undefined;
  await undefined;
  const [first, second] = await Promise.all([vector.advance(), vector.advance()]);
  assert.deepEqual([await before, first, second], [[1], [2], [2]]);
});
