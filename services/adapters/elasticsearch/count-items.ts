import { type Engine, searchAll } from './engine.ts';

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

/** End of the newest fact per partition; 0 where there is none. */
export const readWatermark = async (engine: Engine): Promise<number[]> =>
  perPartitionOf(engine, await readPartitions(engine, { match_all: {} }), ({ end }) => (end.value ?? -1) + 1);

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

const begunBelow = (offsets: readonly number[]): object => ({
  bool: {
    should: offsets.map((offset, partition) => ({
      bool: { filter: [{ term: { partition } }, { range: { firstOffset: { lt: offset } } }] },
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
  for (const bucket of buckets) values[bucket.key] = numberOf(bucket);
  return values;
};
