import type { KeyObject } from 'node:crypto';
import type { Difference, Progress, VerifyReport } from '../../schemas/api/archive-operations.ts';
import type { SignedHead } from '../../schemas/archive/ledger.ts';
import type { Steps } from '../archiver/steps.ts';
import { isHoldfastError } from '../core/errors.ts';
import { verifyHead } from '../core/ledger/head.ts';
import { partitionsOf } from '../core/ledger/partitions-of.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';
import { checkCounts } from './check-counts.ts';
import { CompareIndex } from './compare-index.ts';
import { type PartitionWalk, walkPartition } from './walk-partition.ts';

export interface VerifyPorts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
  readonly publicKey: KeyObject;
  readonly installation: string;
  /** The newest head that was signed, as kept beside the key; it must be in the ledger. */
  readonly keptHead?: SignedHead | undefined;
}

/** The report names the first differences; counting on would only repeat a broken chain. */
const maxDifferences = 20;
const maxHeads = 100_000;

/**
 * Recomputes everything from the log and compares: values with leaves, leaves with roots, roots with every signed
 * head, and every item and its tokens with what the index holds. Trusts the public key and nothing else.
 */
export async function* verifyArchive(ports: VerifyPorts): Steps<VerifyReport> {
  const differences: Difference[] = [];
  const heads = await readHeads(ports.ledger, differences);
  differences.push(...badSignatures(ports, heads), ...missingHead(ports, heads));
  const report: VerifyReport['partitions'] = [];
  let unwitnessedTail = 0;
  const partitions = partitionsOf(ports.log);
  const total = (await Promise.all(partitions.map((partition) => ports.ledger.frontier(partition)))).reduce(
    (sum, { size }) => sum + size,
    0,
  );
  let done = 0;
  for (const partition of partitions) {
    const compare = partition.stream === 'im' ? new CompareIndex(ports, partition) : undefined;
    const walk: PartitionWalk = { size: 0, root: '', witnessed: 0 };
    try {
      for await (const step of walkPartition(ports, partition, { heads, walk, compare })) {
        differences.push(...step.differences);
        done += step.events;
        yield progress(done, total);
        if (differences.length >= maxDifferences) break;
      }
    } catch (error) {
      differences.push(differenceOf(partition, error));
    }
    unwitnessedTail += Math.max(walk.size, await endOf(ports.log, partition)) - walk.witnessed;
    if (partition.stream === 'im') {
      report.push({
        partition: partition.partition,
        events: walk.size,
        items: compare?.items ?? 0,
        root: walk.root,
        witnessed: walk.witnessed,
      });
    }
  }
  if (differences.length < maxDifferences) differences.push(...(await engineFaults(ports.index)));
  if (differences.length === 0) differences.push(...(await checkCounts(ports.index, report)));
  const [head] = heads;
  yield {
    kind: 'report',
    report: {
      ok: differences.length === 0,
      partitions: report,
      unwitnessedTail,
      differences: differences.slice(0, maxDifferences),
      ...(head === undefined ? {} : { head }),
    },
  };
}

const readHeads = async (ledger: Ledger, differences: Difference[]): Promise<readonly SignedHead[]> => {
  try {
    return await ledger.heads(maxHeads);
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    differences.push({ what: `the signed heads cannot be read: ${error.message}` });
    return [];
  }
};

const badSignatures = (
  { publicKey, installation }: VerifyPorts,
  heads: readonly SignedHead[],
): Difference[] =>
  heads
    .filter((head) => head.installation !== installation || !verifyHead(publicKey, head))
    .map((head) => ({
      what: `the tree head signed at ${head.signedAt} does not verify with the key of this installation`,
    }));

/** Who takes heads away, or a whole ledger, cannot take the one beside the key. */
const missingHead = ({ keptHead }: VerifyPorts, heads: readonly SignedHead[]): Difference[] =>
  keptHead === undefined || heads.some(({ signature }) => signature === keptHead.signature)
    ? []
    : [
        {
          what: `the tree head signed at ${keptHead.signedAt}, the newest that was kept beside the key, is missing from the ledger: heads were taken away, or the ledger is another or older one`,
        },
      ];

/** A log that cannot be read is named by the walk. */
const endOf = (log: EventLog, { stream, partition }: PartitionName): Promise<number> =>
  log.end(stream, partition).catch(() => 0);

const engineFaults = async (index: ArchiveIndex): Promise<Difference[]> =>
  (await index.checkIntegrity()).map(({ itemId, fault }) => ({
    ...(itemId === undefined ? {} : { itemId }),
    what: `the index is damaged: ${fault}`,
  }));

const progress = (done: number, total: number): Progress => ({
  kind: 'progress',
  done,
  total,
  what: 'events verified',
});

/** What stopped the walk is a difference too: a hole, an unreadable row, a broken chain. */
const differenceOf = ({ stream, partition }: PartitionName, error: unknown): Difference => {
  const what = `${stream} ${partition}: ${error instanceof Error ? error.message : String(error)}`;
  if (!isHoldfastError(error)) return { partition, what };
  const { offset, itemId } = error.details;
  return {
    partition,
    ...(typeof offset === 'number' ? { offset } : {}),
    ...(typeof itemId === 'string' ? { itemId } : {}),
    what,
  };
};
