import type { PartitionHead } from '../../schemas/archive/ledger.ts';
import { errorTable, isHoldfastError } from '../core/errors.ts';
import { partitionsOf } from '../core/ledger/partitions-of.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { HeadKeeper } from '../ports/head-keeper.ts';
import type { HeadSigner } from '../ports/head-signer.ts';
import type { Ledger } from '../ports/ledger.ts';
import { continuesHead } from './continues-head.ts';

export interface SignerPorts {
  readonly log: Pick<EventLog, 'partitions'>;
  readonly ledger: Ledger;
  readonly signer: HeadSigner;
  /** Absent where nothing outlives the process. */
  readonly keeper?: HeadKeeper;
  readonly clock: Clock;
  readonly installation: string;
}

/**
 * Signs the heads of all partitions as the ledger holds them now, unless nothing changed or they do not go on from the
 * head kept beside the key: `verify` says why. True if a head was added.
 */
export const signHeads = async ({
  log,
  ledger,
  signer,
  keeper,
  clock,
  installation,
}: SignerPorts): Promise<boolean> => {
  const heads = await Promise.all(
    partitionsOf(log).map(async (name): Promise<PartitionHead> => {
      const { size, root } = await ledger.frontier(name);
      return { ...name, size, root };
    }),
  );
  const kept = await keeper?.newest();
  if (kept !== undefined && !(await continuesHead(ledger, kept))) return false;
  const [last] = await ledger.heads(1);
  if (JSON.stringify(last?.heads) === JSON.stringify(heads)) return false;
  const head = signer.sign({ installation, signedAt: clock.now().toISOString(), heads });
  // First to the ledger: a head that was kept is one it holds.
  await ledger.appendHead(head);
  await keeper?.keep(head);
  return true;
};

/**
 * Signs at most every `intervalMs` until aborted, and once more at the end. While the ledger cannot be written the
 * newest head is simply older: `verify` reports the tail that no head witnesses.
 */
export const keepSigning = async (
  ports: SignerPorts,
  { intervalMs, signal }: { intervalMs: number; signal: AbortSignal },
): Promise<void> => {
  while (!signal.aborted) {
    await signIfWritable(ports);
    await ports.clock.sleep(intervalMs, signal).catch(() => undefined);
  }
  await signIfWritable(ports);
};

const signIfWritable = async (ports: SignerPorts): Promise<void> => {
  try {
    await signHeads(ports);
  } catch (error) {
    if (!isHoldfastError(error) || !errorTable[error.code].retryable) throw error;
  }
};
