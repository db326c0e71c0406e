import { type Engine, read } from './engine.ts';

export interface ShardStats {
  readonly seq_no?: { readonly max_seq_no: number };
  readonly retention_leases?: { readonly leases: readonly { readonly retaining_seq_no: number }[] };
}

/** Of every shard, its copies. */
export type ShardStatsByShard = ReadonlyMap<string, readonly ShardStats[]>;

interface StatsAnswer {
  readonly indices?: Readonly<
    Record<string, { readonly shards: Readonly<Record<string, readonly ShardStats[]>> }>
  >;
}

export const readShardStats = async (engine: Engine, index: string): Promise<ShardStatsByShard> => {
  const { indices } = await read<StatsAnswer>(engine, {
    method: 'GET',
    path: `/${index}/_stats`,
    query: {
      level: 'shards',
      filter_path: 'indices.*.shards.*.seq_no,indices.*.shards.*.retention_leases',
    },
  });
  return new Map(
    Object.entries(indices ?? {}).flatMap(([name, { shards }]) =>
      Object.entries(shards).map(([shard, copies]) => [`${name}/${shard}`, copies] as const),
    ),
  );
};

/** The number of the last operation of each shard. */
export const endsOf = (stats: ShardStatsByShard): ReadonlyMap<string, number> =>
  new Map(
    [...stats].map(([shard, copies]) => [
      shard,
      Math.max(...copies.map(({ seq_no }) => seq_no?.max_seq_no ?? -1)),
    ]),
  );

/** The same as a text: changed by every write. */
export const readShardEnds = async (engine: Engine, index: string): Promise<string> =>
  JSON.stringify([...endsOf(await readShardStats(engine, index))].sort());
