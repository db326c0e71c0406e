import { ofPartition } from '../of-partition.ts';
import type { Dsl } from './search-engine.ts';
import { allOf, anyOf } from './write-dsl.ts';

/** Items by what a search at a vector may know of them. */
export interface KnownFacts {
  /** Excludes items with facts at or beyond the vector: few at the present, so this is the cheap way to say it. */
  readonly excluded: readonly Dsl[];
  /** Items that had facts before the vector and got more since; absent without a vector. */
  readonly late?: Dsl;
  /** Items that had facts before the vector. */
  readonly begun?: Dsl;
  readonly endOf: (partition: number) => number;
}

export const knownFacts = (offsets: readonly number[] | undefined): KnownFacts => {
  if (offsets === undefined) return { excluded: [], endOf: () => Number.POSITIVE_INFINITY };
  const partitions = offsets.flatMap((offset, partition) => (offset > 0 ? [{ partition, offset }] : []));
  const inPartition = (conditions: (offset: number) => readonly Dsl[]): Dsl =>
    partitions.length === 0
      ? { match_none: {} }
      : anyOf(
          partitions.map(({ partition, offset }) => allOf([ofPartition(partition), ...conditions(offset)])),
        );
  const begunBefore = (offset: number): Dsl => ({ range: { firstOffset: { lt: offset } } });
  const touchedFrom = (offset: number): Dsl => ({ range: { newestOffset: { gte: offset } } });
  const empty = offsets.flatMap((offset, partition) => (offset > 0 ? [] : [ofPartition(partition)]));
  const unknown = anyOf([{ range: { partition: { gte: offsets.length } } }, ...empty]);
  return {
    excluded: [inPartition((offset) => [touchedFrom(offset)]), unknown],
    late: inPartition((offset) => [begunBefore(offset), touchedFrom(offset)]),
    begun: inPartition((offset) => [begunBefore(offset)]),
    endOf: (partition) => offsets[partition] ?? 0,
  };
};
