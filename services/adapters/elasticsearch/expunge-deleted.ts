import { change, type Engine } from './engine.ts';
import { unavailable } from './index-fault.ts';
import { endsOf, readShardStats, type ShardStatsByShard } from './shard-stats.ts';

const patienceMs = 180_000;
const pauseMs = 1_000;
const mergeTimeoutMs = 600_000;

/**
 * Removes the bytes of everything deleted or replaced until now. The engine keeps deleted documents for copies of a
 * shard that may need them, and lets them go when it renews its leases, every 30 seconds; only then does a merge leave
 * them out. All segments with deleted documents are written anew: removals come in batches.
 */
export const expungeDeleted = async (engine: Engine): Promise<void> => {
  const { clock } = engine.writing;
  const deadline = clock.monotonicMs() + patienceMs;
  const before = endsOf(await readShardStats(engine, engine.names.write));
  for (;;) {
    await post(engine, '_flush', { force: true, wait_if_ongoing: true });
    if (isForgotten(await readShardStats(engine, engine.names.write), before)) break;
    if (clock.monotonicMs() > deadline)
      throw unavailable(
        'What was removed may still have bytes in Elasticsearch, kept for a copy of a shard that is behind. Remove it again.',
      );
    await clock.sleep(pauseMs);
  }
  await post(engine, '_forcemerge', { only_expunge_deletes: true });
  await post(engine, '_refresh', {});
  await post(engine, '_flush', { force: true, wait_if_ongoing: true });
};

const post = async (
  engine: Engine,
  operation: string,
  query: Readonly<Record<string, boolean>>,
): Promise<void> => {
  const answer = await change<{ readonly _shards: { readonly failed: number } }>(engine, {
    method: 'POST',
    path: `/${engine.names.write}/${operation}`,
    query,
    timeoutMs: mergeTimeoutMs,
  });
  if (answer._shards.failed > 0)
    throw unavailable(`${operation} failed on ${answer._shards.failed} shards. Remove it again.`);
};

const isForgotten = (stats: ShardStatsByShard, ends: ReadonlyMap<string, number>): boolean =>
  [...ends].every(([shard, end]) => {
    const copies = stats.get(shard);
    return (
      copies?.every(({ retention_leases }) =>
        (retention_leases?.leases ?? []).every(({ retaining_seq_no }) => retaining_seq_no > end),
      ) === true
    );
  });
