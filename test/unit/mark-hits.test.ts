import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import type { Clock } from '../../services/ports/clock.ts';
import { markHits } from '../../services/search-api/mark-hits.ts';
import { message, queryOf } from '../support/ask-index.ts';

/** A clock on a machine where everything takes long. */
class SlowClock extends MemoryClock implements Clock {
  override monotonicMs(): number {
    this.advance(10);
    return super.monotonicMs();
  }
}

test('others get their turn between the hits of a page that takes long to mark', async () => {
  const hits = ['a', 'b', 'c'].map((id, at) => ({ item: message(id, at + 1), versions: [1] }));
  let turns = 0;
  const count = (): void => {
    turns += 1;
    if (turns < 10) setImmediate(count);
  };
  setImmediate(count);
  const marked = await markHits(hits, queryOf('alpha'), new SlowClock());
  assert.deepEqual(
    marked.map(({ item, highlights }) => [item.id, highlights.length]),
    [
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ],
  );
  assert.ok(turns >= 2, `${turns} turns of the event loop between three hits`);
});
