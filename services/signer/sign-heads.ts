import type { PartitionHead } from '../../schemas/archive/ledger.ts';
import { HoldfastError, isHoldfastError } from '../core/errors.ts';
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
  /** Told why nothing more is signed, once for each reason. */
  readonly notice?: (text: string) => void;
}

/**
 * Signs the heads of all partitions as the ledger holds them now, unless nothing changed; refuses those that do not go on
 * from the head that was kept. True if a head was added.
 */
export const signHeads = async ({
  log,
  ledger,
  signer,
  keeper,
  clock,
  installation,
}: SignerPorts): Promise<boolean> => {
  const kept = await keeper?.newest();
  if (kept !== undefined && !(await continuesHead(ledger, kept)))
    throw new HoldfastError('VerificationFailed', {
      detail: `The ledger does not go on from the tree head signed at ${kept.signedAt}; \`holdfast verify\` says where it differs.`,
    });
  // Asked for after the kept head was found to be continued, so that none is behind it.
  const heads = await Promise.all(
    partitionsOf(log).map(async (name): Promise<PartitionHead> => {
      const { size, root } = await ledger.frontier(name);
      return { ...name, size, root };
    }),
  );
  const [last] = await ledger.heads(1);
  if (JSON.stringify(last?.heads) === JSON.stringify(heads)) return false;
  const head = signer.sign({ installation, signedAt: clock.now().toISOString(), heads });
  // First to the ledger: a head that was kept is one it holds.
  await ledger.appendHead(head);
  await keeper?.keep(head);
  return true;
};

/**
 * Signs at most every `intervalMs` until aborted, and once more at the end. While it cannot, the newest head is simply
 * older: `verify` reports the tail that no head witnesses.
 */
export const keepSigning = async (
  ports: SignerPorts,
  { intervalMs, signal }: { intervalMs: number; signal: AbortSignal },
): Promise<void> => {
  let told: string | undefined;
  const attempt = async (): Promise<void> => {
    try {
      await signHeads(ports);
      told = undefined;
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      if (error.message !== told) ports.notice?.(`No tree head is signed. ${error.message}`);
      told = error.message;
    }
  };
  while (!signal.aborted) {
    await attempt();
    await ports.clock.sleep(intervalMs, signal).catch(() => undefined);
  }
  await attempt();
};
