import { type Engine, searchAll } from './engine.ts';
import { ofPartition } from './of-partition.ts';

interface Bucket {
  readonly key: number;
  readonly doc_count: number;
  readonly end: { readonly value: number | null };
}

/** Enough for every partition count a stream may have. */
const maxPartitions = 10_000;

export const countItems = async (
  engine: Engine,
  offsets: readonly number[] | undefined,
): Promise<{ items: number; perPartition: number[] }> => {
  const buckets = await readPartitions(
    engine,
    offsets === undefined ? { match_all: {} } : begunBelow(offsets),
  );
  const perPartition = perPartitionOf(engine, buckets, ({ doc_count }) => doc_count);
  return { items: buckets.reduce((sum, { doc_count }) => sum + doc_count, 0), perPartition };
};

/** Leaves out what begins at the offsets or beyond: few at the present, and the rest the engine need not look at. */
export const countBelow = async (engine: Engine, offsets: readonly number[]): Promise<number> => {
  const elsewhere = { range: { partition: { gte: offsets.length } } };
  const beyond = inPartitions(offsets, (offset) => ({ range: { firstOffset: { gte: offset } } }));
  const { hits } = await searchAll(engine, {
    query: { bool: { must_not: [beyond, elsewhere] } },
    size: 0,
    track_total_hits: true,
  });
  return hits.total?.value ?? 0;
};

/**
 * End of the newest fact per partition; 0 where there is none. `known` says what was answered before: while the facts
 * it speaks of are there, nothing older is looked through, however large the index has become.
 */
export const readWatermark = async (engine: Engine, known: readonly number[] = []): Promise<number[]> => {
  const recent = known.some((end) => end > 0) ? await readPartitions(engine, endingFrom(known)) : [];
  const isThere = known.every((end, at) => end === 0 || recent.some(({ key }) => key === at));
  const buckets = recent.length > 0 && isThere ? recent : await readPartitions(engine, { match_all: {} });
  return perPartitionOf(engine, buckets, ({ end }) => (end.value ?? -1) + 1);
};

const readPartitions = async (engine: Engine, query: object): Promise<readonly Bucket[]> => {
  const { aggregations } = await searchAll(engine, {
    query,
    size: 0,
    track_total_hits: false,
    aggs: {
      partitions: {
        terms: { field: 'partition', size: maxPartitions },
        aggs: { end: { max: { field: 'newestOffset' } } },
      },
    },
  });
  return Object(aggregations?.partitions).buckets;
};

const begunBelow = (offsets: readonly number[]): object =>
  inPartitions(offsets, (offset) => ({ range: { firstOffset: { lt: offset } } }));

/** Whatever ends where the newest fact did, or later; all of a partition that had none. */
const endingFrom = (ends: readonly number[]): object =>
  inPartitions(ends, (end) => ({ range: { newestOffset: { gte: end - 1 } } }));

const inPartitions = (numbers: readonly number[], filterOf: (number: number) => object): object => ({
  bool: {
    should: numbers.map((number, partition) => ({
      bool: { filter: [ofPartition(partition), filterOf(number)] },
    })),
    minimum_should_match: 1,
  },
});

const perPartitionOf = (
  { partitions }: Engine,
  buckets: readonly Bucket[],
  numberOf: (bucket: Bucket) => number,
): number[] => {
  const values = new Array<number>(partitions).fill(0);
  // What is of no partition here was not put by us: `countItems` counts it, and verify tells of it.
  for (const bucket of buckets) if (bucket.key < partitions) values[bucket.key] = numberOf(bucket);
  return values;
};
