import type { PartitionName } from './ledger.ts';

/**
 * Which partitions this process archives. A hint that spares work, never a lock: the ledger alone decides whose range
 * counts.
 *
 * Promises: every partition is soon assigned to some live process; a process that stops answering loses its
 * partitions within seconds. Two processes may hold one partition for a moment.
 */
export interface Assignment extends AsyncDisposable {
  /** What is assigned now, again after every change; ends when the signal aborts. */
  changes(signal: AbortSignal): AsyncIterable<readonly PartitionName[]>;
  /** False once another process may have been given these partitions: nothing more may be put for them. */
  isCurrent(): boolean;
}
