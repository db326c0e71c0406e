import type { Progress, RebuildReport } from '../../schemas/api/archive-operations.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { toIndexDocument } from '../core/item/index-document.ts';
import type { IndexRebuild } from '../ports/archive-index.ts';
import type { PartitionName } from '../ports/ledger.ts';
import type { ArchiverPorts } from './archive-partition.ts';
import { readRange } from './read-range.ts';
import { itemIdsIn, replayBatch } from './replay-batch.ts';
import type { Steps } from './steps.ts';

type RebuildPorts = Pick<ArchiverPorts, 'log' | 'ledger' | 'index' | 'clock'>;

export interface RebuildOptions {
  /** Stops archiving between two ranges, for the last catch-up and the swap. */
  readonly pause: () => Promise<void>;
  readonly resume: () => void;
}

/** A new index from log and ledger alone; searches go on in the old one until the swap. */
export async function* rebuildIndex(
  ports: RebuildPorts,
  partitions: readonly PartitionName[],
  options: RebuildOptions,
): Steps<RebuildReport> {
  const startedMs = ports.clock.monotonicMs();
  await using rebuild = await ports.index.rebuild();
  const done = partitions.map(() => 0);
  yield* catchUp(ports, rebuild, { partitions, done });
  try {
    await options.pause();
    await rebuild.freeze();
    yield* catchUp(ports, rebuild, { partitions, done });
    await rebuild.commit(done);
  } finally {
    options.resume();
  }
  await ports.index.refresh();
  const { items } = await ports.index.counts();
  yield {
    kind: 'report',
    report: { items, events: sum(done), elapsedMs: Math.round(ports.clock.monotonicMs() - startedMs) },
  };
}

/** Replays what the ledger holds beyond `done`, which it moves on. */
async function* catchUp(
  ports: RebuildPorts,
  target: IndexRebuild,
  { partitions, done }: { partitions: readonly PartitionName[]; done: number[] },
): AsyncGenerator<Progress> {
  const sizes = await Promise.all(
    partitions.map(async (partition) => (await ports.ledger.frontier(partition)).size),
  );
  const erased = new Set<ItemId>();
  for (const [at, partition] of partitions.entries()) {
    for await (const batch of readRange(ports, partition, { from: done[at]!, to: sizes[at]! })) {
      const found = await target.get(itemIdsIn(batch.entries));
      const before = found.filter((item) => item !== undefined);
      const items = await replayBatch(ports, partition, batch, { before, erased });
      await target.put(items.map(toIndexDocument));
      done[at]! += batch.records.length;
      yield { kind: 'progress', done: sum(done), total: sum(sizes), what: 'events replayed' };
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
