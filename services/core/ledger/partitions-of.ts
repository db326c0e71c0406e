import type { DataStream } from '../../../schemas/archive/ledger.ts';
import type { LeafPartition } from './leaf.ts';

/** How many partitions each stream of a log has. */
export interface Partitioned {
  readonly partitions: Readonly<Record<DataStream, number>>;
}

/** The only generation there is so far. */
const generation = 1;
const streams: readonly DataStream[] = ['im', 'governance', 'audit'];

/** Every partition of every stream, data first. */
export const partitionsOf = (log: Partitioned): LeafPartition[] =>
  streams.flatMap((stream) => partitionsOfStream(log, stream));

/** Those that hold messages, by number. */
export const imPartitionsOf = (log: Partitioned): LeafPartition[] => partitionsOfStream(log, 'im');

const partitionsOfStream = ({ partitions }: Partitioned, stream: DataStream): LeafPartition[] =>
  Array.from({ length: partitions[stream] }, (_, partition) => ({ stream, generation, partition }));
