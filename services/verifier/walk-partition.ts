import { isDeepStrictEqual } from 'node:util';
import type { Difference } from '../../schemas/api/archive-operations.ts';
import type { PartitionHead, SignedHead } from '../../schemas/archive/ledger.ts';
import { HoldfastError } from '../core/errors.ts';
import { leafHashOf } from '../core/ledger/leaf.ts';
import { appendLeaf, emptyRoot, rootOf } from '../core/ledger/merkle.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger, PartitionName, RangeRecord } from '../ports/ledger.ts';
import { CheckAccount } from './check-account.ts';
import { CheckRecord } from './check-record.ts';
import type { CompareIndex } from './compare-index.ts';
import { differing } from './differing.ts';
import { LogCursor } from './log-cursor.ts';

/** Where a walk stands; `witnessed` is the size of the largest signed head it agreed with. */
export interface PartitionWalk {
  size: number;
  root: string;
  witnessed: number;
}

export interface WalkStep {
  readonly events: number;
  readonly differences: readonly Difference[];
}

/** Walks ledger and log of a partition side by side, range by range, recomputing the tree from the entries. */
export async function* walkPartition(
  ports: { readonly log: EventLog; readonly ledger: Ledger },
  partition: PartitionName,
  {
    heads,
    walk,
    compare,
  }: { heads: readonly SignedHead[]; walk: PartitionWalk; compare: CompareIndex | undefined },
): AsyncGenerator<WalkStep> {
  const signed = headsBySize(heads, partition);
  const account = new CheckAccount(ports, partition);
  const check = new CheckRecord(partition);
  let peaks: readonly string[] = [];
  walk.root = emptyRoot;
  await using cursor = new LogCursor(ports.log, partition);
  for await (const range of ports.ledger.ranges(partition, 0)) {
    assertContinues(partition, walk, range);
    const differences: Difference[] = [];
    const records = await cursor.take(range.from, range.to);
    for (const [at, entry] of range.entries.entries()) {
      if (entry.offset !== walk.size)
        throw broken(partition, walk.size, `the ledger goes from offset ${walk.size} to ${entry.offset}`);
      differences.push(...check.record(entry, records[at]));
      peaks = appendLeaf(peaks, walk.size, leafHashOf(partition, entry));
      walk.size += 1;
      const expected = signed.get(walk.size);
      if (expected === undefined) continue;
      if (rootOf(peaks, walk.size) === expected) walk.witnessed = walk.size;
      else
        differences.push(
          differing(
            partition,
            entry.offset,
            `the tree of ${walk.size} events is not the one that was signed`,
          ),
        );
    }
    walk.root = rootOf(peaks, walk.size);
    if (walk.root !== range.root)
      throw broken(partition, range.from, 'the root of the range does not follow from its entries');
    if (!isDeepStrictEqual(range.peaks, peaks))
      throw broken(partition, range.from, 'the peaks of the range do not follow from its entries');
    differences.push(...(await account.range(range)));
    if (compare !== undefined) differences.push(...(await compare.range(records, range.entries)));
    yield { events: range.entries.length, differences };
  }
  const rest: Difference[] = compare === undefined ? [] : [...(await compare.finish())];
  const largest = Math.max(0, ...signed.keys());
  if (largest > walk.size) {
    const what = `a signed head accounts for ${largest} events, the ledger only for ${walk.size}`;
    rest.push(differing(partition, walk.size, what));
  }
  yield { events: 0, differences: [...rest, ...(await account.finish(walk.size))] };
}

const headsBySize = (heads: readonly SignedHead[], name: PartitionName): Map<number, string> => {
  const isOurs = (head: PartitionHead): boolean =>
    head.stream === name.stream &&
    head.generation === name.generation &&
    head.partition === name.partition &&
    head.size > 0;
  return new Map(
    heads.flatMap((signed) => signed.heads.filter(isOurs).map(({ size, root }) => [size, root])),
  );
};

const assertContinues = (partition: PartitionName, walk: PartitionWalk, range: RangeRecord): void => {
  if (range.from !== walk.size)
    throw broken(partition, walk.size, `expected a range from ${walk.size}, found one from ${range.from}`);
  if (range.previousRoot !== walk.root)
    throw broken(partition, walk.size, 'the range does not continue the tree before it');
};

const broken = ({ stream, partition }: PartitionName, offset: number, what: string): HoldfastError =>
  new HoldfastError('VerificationFailed', {
    detail: `${stream} ${partition}/${offset}: ${what}.`,
    partition,
    offset,
  });
