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
import { maxDifferences, type Reading, type ReadingState, readPartition } from './read-partition.ts';

export interface VerifyPorts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
  readonly publicKey: KeyObject;
  readonly installation: string;
  /** The newest head that was signed, as kept beside the key; it must be in the ledger. */
  readonly keptHead?: SignedHead | undefined;
}

const maxHeads = 100_000;

/**
 * Recomputes everything from the log and compares: values with leaves, leaves with roots, roots with every signed
 * head, and every item and its tokens with what the index holds. Trusts the public key and nothing else.
 */
export async function* verifyArchive(ports: VerifyPorts): Steps<VerifyReport> {
  const differences: Difference[] = [];
  const heads = await readHeads(ports, differences);
  differences.push(...badSignatures(ports, heads), ...missingHead(ports, heads));
  const state = { heads, differences, progress: { done: 0, total: await eventsIn(ports) } };
  const readings: Reading[] = [];
  for (const partition of partitionsOf(ports.log))
    readings.push(yield* readPartition(ports, partition, state));
  if (differences.length < maxDifferences) differences.push(...(await engineFaults(ports.index)));
  if (differences.length === 0) yield* countItems(ports, readings, state);
  const [head] = heads;
  yield {
    kind: 'report',
    report: {
      ok: differences.length === 0,
      partitions: foundIn(readings),
      unwitnessedTail: readings.reduce((sum, { unwitnessed }) => sum + unwitnessed, 0),
      differences: differences.slice(0, maxDifferences),
      ...(head === undefined ? {} : { head }),
    },
  };
}

/**
 * Archivers at work put and take back what no ledger accounts for between the comparison and the counting: only what
 * differs once more, compared and counted anew, is a difference.
 */
async function* countItems(
  ports: VerifyPorts,
  readings: Reading[],
  state: ReadingState,
): AsyncGenerator<Progress> {
  const miscounted = await checkCounts(ports.index, foundIn(readings));
  if (miscounted.length === 0) return;
  for (const [at, { partition, found }] of readings.entries()) {
    if (!isMessages(partition) || miscounted.every((one) => one.partition !== partition.partition)) continue;
    state.progress.total += found.events;
    readings[at] = yield* readPartition(ports, partition, state);
  }
  if (state.differences.length === 0)
    state.differences.push(...(await checkCounts(ports.index, foundIn(readings))));
}

const isMessages = ({ stream }: PartitionName): boolean => stream === 'im';

const foundIn = (readings: readonly Reading[]): VerifyReport['partitions'] =>
  readings.filter(({ partition }) => isMessages(partition)).map(({ found }) => found);

const eventsIn = async ({ log, ledger }: VerifyPorts): Promise<number> => {
  const frontiers = await Promise.all(partitionsOf(log).map((partition) => ledger.frontier(partition)));
  return frontiers.reduce((sum, { size }) => sum + size, 0);
};

/** The newest, and the one that was kept though it is older than all of them. */
const readHeads = async (
  { ledger, keptHead }: VerifyPorts,
  differences: Difference[],
): Promise<readonly SignedHead[]> => {
  try {
    const newest = await ledger.heads(maxHeads);
    if (keptHead === undefined || holds(newest, keptHead)) return newest;
    const older = await ledger.findHead(keptHead.signature);
    return older === undefined ? newest : [...newest, older];
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    differences.push({ what: `the signed heads cannot be read: ${error.message}` });
    return [];
  }
};

const holds = (heads: readonly SignedHead[], { signature }: SignedHead): boolean =>
  heads.some((head) => head.signature === signature);

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
  keptHead === undefined || holds(heads, keptHead)
    ? []
    : [
        {
          what: `the tree head signed at ${keptHead.signedAt}, the newest that was kept beside the key, is missing from the ledger: heads were taken away, or the ledger is another or older one`,
        },
      ];

const engineFaults = async (index: ArchiveIndex): Promise<Difference[]> =>
  (await index.checkIntegrity()).map(({ itemId, fault }) => ({
    ...(itemId === undefined ? {} : { itemId }),
    what: `the index is damaged: ${fault}`,
  }));
