import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerFollower } from '../../services/adapters/kafka/ledger-follower.ts';
import type { RawRecord } from '../../services/adapters/kafka/record-batches.ts';
import type { TopicStream } from '../../services/adapters/kafka/topic-stream.ts';
import { MemoryLedgerView } from '../../services/adapters/memory/ledger-view.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { HoldfastError } from '../../services/core/errors.ts';
import { imPartition } from '../support/range-proposals.ts';
import { until } from '../support/until.ts';

test('after an outage the ledger can be read again, though nothing is written to it', async () => {
  let isAway = true;
  const quiet: Pick<TopicStream, 'read'> = {
    async *read(_, { follow = false, signal } = {}): AsyncGenerator<readonly RawRecord[]> {
      if (isAway) throw new HoldfastError('LedgerUnavailable');
      if (follow) await until(() => isAway || signal?.aborted === true);
      if (isAway) throw new HoldfastError('LedgerUnavailable');
    },
  };
  const partition = imPartition();
  const follower = new LedgerFollower({
    partition,
    stream: quiet as TopicStream,
    view: new MemoryLedgerView(),
    clock: systemClock,
  });
  const isFollowing = (): boolean => {
    try {
      follower.assertFollowing();
      return true;
    } catch {
      return false;
    }
  };
  follower.follow();
  await until(() => !isFollowing());
  isAway = false;
  await until(isFollowing);
  await follower.stop();
  assert(isFollowing());
});
