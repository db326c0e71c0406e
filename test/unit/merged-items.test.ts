import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item } from '../../schemas/archive/item.ts';
import { mergedItems } from '../../services/archiver/accounted-items.ts';
import { reacted, sent } from '../support/event-builder.ts';
import { im, openShared } from '../support/shared-archive.ts';

test('items that differ get the facts of both states, and the log and ledger are read once for all of them', async () => {
  const { log, ledger, append, itemOf } = openShared();
  await append(
    sent({ id: 'a', body: 'alpha' }),
    sent({ id: 'b', body: 'beta' }),
    reacted({ item: 'a', reaction: 'heart' }),
    reacted({ item: 'b', reaction: 'heart' }),
    reacted({ item: 'b', reaction: 'wave' }),
  );
  const stateOf = async (...offsets: number[]) => JSON.parse((await itemOf(...offsets)).item) as Item;
  const differing = [
    { item: await stateOf(0), ours: await stateOf(0, 2) },
    { item: await stateOf(0, 2), ours: await stateOf(0) },
    { item: await stateOf(1, 4), ours: await stateOf(1, 3) },
  ];
  const reads: string[] = [];
  const counted = {
    log: {
      get: (positions: Parameters<typeof log.get>[0]) => {
        reads.push('log');
        return log.get(positions);
      },
    },
    ledger: {
      entries: (...asked: Parameters<typeof ledger.entries>) => {
        reads.push('ledger');
        return ledger.entries(...asked);
      },
    },
  };
  const merged = await mergedItems(counted, im, differing);
  assert.deepEqual(merged, [await stateOf(0, 2), undefined, await stateOf(1, 3, 4)]);
  assert.deepEqual(reads, ['ledger', 'log']);
});
