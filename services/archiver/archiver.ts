import type { RebuildReport } from '../../schemas/api/archive-operations.ts';
import { errorTable, isHoldfastError } from '../core/errors.ts';
import { failpoint } from '../core/failpoint.ts';
import { imPartitionsOf, partitionsOf } from '../core/ledger/partitions-of.ts';
import type { Assignment } from '../ports/assignment.ts';
import type { Frontier, PartitionName } from '../ports/ledger.ts';
import { type ArchiverPorts, archivePartition } from './archive-partition.ts';
import { assignAll } from './assign-all.ts';
import { rebuildIndex } from './rebuild-index.ts';
import type { Steps } from './steps.ts';

export interface ArchiverStatus {
  /** `starting`: the index is being brought to the ledger, so that answers would not be complete. */
  readonly state: 'starting' | 'running' | 'stopped' | 'failed';
  readonly failure?: string;
}

/** What other services may ask of the archiver, in process or across threads. */
export interface ArchiverControl extends AsyncDisposable {
  status(): Promise<ArchiverStatus>;
  /** Resolves when `size` offsets of the partition are accounted for and searchable; rejects when the archiver failed. */
  waitFor(partition: PartitionName, size: number): Promise<void>;
  /** Resolves when the index has everything the ledger accounts for; searches before would not be complete. */
  caughtUp(): Promise<void>;
  /** Resolves when everything that is in the log now is accounted for. */
  processAll(): Promise<void>;
  rebuild(): Steps<RebuildReport>;
}

const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** How often a process that lost touch with its group looks whether it has it again. */
const assignmentPauseMs = 200;

const notCurrent =
  'The group that shares out partitions has not answered for seconds; nothing is archived until it does.';

interface Run {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Archives the partitions assigned to it in parallel, in order inside each. A fault rests its partition and is shown;
 * what was not accounted for stays in the log and is archived when the fault has passed, or by the next start.
 */
export class Archiver implements ArchiverControl {
  readonly #ports: ArchiverPorts;
  readonly #assignment: Assignment;
  readonly #stop = new AbortController();
  /** What is assigned; undefined until the first assignment. */
  #assigned: readonly PartitionName[] | undefined;
  readonly #runs = new Map<string, Run>();
  readonly #sizes = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #following: Promise<void> | undefined;
  #isResting = false;
  /** Why a partition rests now. */
  readonly #faults = new Map<string, unknown>();

  /** Without an assignment it archives everything. The assignment is its own from then on. */
  constructor(ports: ArchiverPorts, assignment: Assignment = assignAll(ports.log)) {
    this.#ports = ports;
    this.#assignment = assignment;
  }

  start(): void {
    this.#following ??= this.#follow();
  }

  async status(): Promise<ArchiverStatus> {
    const [fault] = this.#faults.values();
    const failure = fault === undefined ? {} : { failure: messageOf(fault) };
    if (this.#following === undefined || this.#stop.signal.aborted) return { state: 'stopped', ...failure };
    const isAligned = this.#assigned?.every((partition) => this.#sizes.has(nameOf(partition))) ?? false;
    if (!isAligned) return { state: 'starting', ...failure };
    if (!this.#assignment.isCurrent()) return { state: 'starting', failure: notCurrent, ...failure };
    return { state: fault === undefined ? 'running' : 'failed', ...failure };
  }

  async waitFor(partition: PartitionName, size: number): Promise<void> {
    const name = nameOf(partition);
    while ((this.#sizes.get(name) ?? -1) < size) {
      if (this.#faults.has(name)) throw this.#faults.get(name);
      this.#stop.signal.throwIfAborted();
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async caughtUp(): Promise<void> {
    for (const partition of partitionsOf(this.#ports.log)) await this.waitFor(partition, 0);
  }

  async processAll(): Promise<void> {
    for (const partition of partitionsOf(this.#ports.log)) {
      await this.waitFor(partition, await this.#ports.log.end(partition.stream, partition.partition));
    }
  }

  /** Fills a new index from log and ledger while the old one answers; archiving rests only for the swap. */
  rebuild(): Steps<RebuildReport> {
    const partitions = imPartitionsOf(this.#ports.log);
    return rebuildIndex(this.#ports, partitions, { pause: () => this.#rest(), resume: () => this.#resume() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#following;
    await this.#end([...this.#runs.keys()]);
    await this.#assignment[Symbol.asyncDispose]();
  }

  /** Begins what is newly assigned and ends what no longer is. */
  async #follow(): Promise<void> {
    try {
      for await (const assigned of this.#assignment.changes(this.#stop.signal)) {
        this.#assigned = assigned;
        const kept = new Set(assigned.map(nameOf));
        await this.#end([...this.#runs.keys()].filter((name) => !kept.has(name)));
        this.#resume(this.#isResting);
      }
    } catch (fault) {
      this.#faults.set('assignment', fault);
      this.#wake();
    }
  }

  async #rest(): Promise<void> {
    this.#isResting = true;
    await this.#end([...this.#runs.keys()]);
  }

  #resume(isResting = false): void {
    this.#isResting = isResting;
    if (isResting || this.#stop.signal.aborted) return;
    for (const partition of this.#assigned ?? []) {
      const name = nameOf(partition);
      if (this.#runs.has(name)) continue;
      const stop = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, stop.signal]);
      this.#runs.set(name, { stop, ended: this.#keepArchiving(partition, signal) });
    }
  }

  async #end(names: readonly string[]): Promise<void> {
    const runs = names.flatMap((name) => this.#runs.get(name) ?? []);
    for (const { stop } of runs) stop.abort();
    failpoint('archiver.partition-lost', runs.length > 0);
    await Promise.all(runs.map(({ ended }) => ended));
    for (const name of names) {
      this.#runs.delete(name);
      this.#faults.delete(name);
      if (!this.#isResting) this.#sizes.delete(name);
    }
  }

  /** Archives until stopped. What may pass, such as a full disk, is tried again; the other partitions go on meanwhile. */
  async #keepArchiving(partition: PartitionName, signal: AbortSignal): Promise<void> {
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await archivePartition(this.#ports, partition, {
          signal,
          onProgress: (frontier) => {
            if (frontier.size > (this.#sizes.get(nameOf(partition)) ?? 0)) pauseMs = firstPauseMs;
            this.#advance(partition, frontier);
          },
          mayPut: () => this.#untilCurrent(signal),
        });
        return;
      } catch (fault) {
        if (signal.aborted) return;
        this.#faults.set(nameOf(partition), fault);
        this.#wake();
        if (!isRetryable(fault)) return;
        failpoint('archiver.backing-off');
        await this.#ports.clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  }

  async #untilCurrent(signal: AbortSignal): Promise<void> {
    while (!this.#assignment.isCurrent()) await this.#ports.clock.sleep(assignmentPauseMs, signal);
  }

  #advance(partition: PartitionName, frontier: Frontier): void {
    this.#sizes.set(nameOf(partition), frontier.size);
    this.#faults.delete(nameOf(partition));
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

const nameOf = ({ stream, generation, partition }: PartitionName): string =>
  `${stream}/${generation}/${partition}`;

const isRetryable = (fault: unknown): boolean => isHoldfastError(fault) && errorTable[fault.code].retryable;

const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : String(failure);
