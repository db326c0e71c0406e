import type { RebuildReport } from '../../schemas/api/archive-operations.ts';
import type { DataStream } from '../../schemas/archive/ledger.ts';
import { errorTable, isHoldfastError } from '../core/errors.ts';
import type { Frontier, PartitionName } from '../ports/ledger.ts';
import { type ArchiverPorts, archivePartition } from './archive-partition.ts';
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

const streams: readonly DataStream[] = ['im', 'governance', 'audit'];

/**
 * Archives every partition of every stream in parallel, in order inside each. A fault rests its partition and is
 * shown; what was not accounted for stays in the log and is archived when the fault has passed, or by the next start.
 */
export class Archiver implements ArchiverControl {
  readonly #ports: ArchiverPorts;
  readonly #stop = new AbortController();
  readonly #sizes = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #running: Promise<void> | undefined;
  #pause: AbortController | undefined;
  /** Why a partition rests now. */
  readonly #faults = new Map<string, unknown>();

  constructor(ports: ArchiverPorts) {
    this.#ports = ports;
  }

  start(): void {
    if (this.#running !== undefined || this.#stop.signal.aborted) return;
    this.#pause = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, this.#pause.signal]);
    const runs = this.#partitions().map((partition) => this.#keepArchiving(partition, signal));
    this.#running = Promise.all(runs).then(() => undefined);
  }

  async status(): Promise<ArchiverStatus> {
    const [fault] = this.#faults.values();
    const failure = fault === undefined ? {} : { failure: messageOf(fault) };
    if (this.#running === undefined || this.#stop.signal.aborted) return { state: 'stopped', ...failure };
    const isAligned = this.#partitions().every((partition) => this.#sizes.has(nameOf(partition)));
    if (!isAligned) return { state: 'starting', ...failure };
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
    for (const partition of this.#partitions()) await this.waitFor(partition, 0);
  }

  async processAll(): Promise<void> {
    for (const partition of this.#partitions()) {
      await this.waitFor(partition, await this.#ports.log.end(partition.stream, partition.partition));
    }
  }

  /** Fills a new index from log and ledger while the old one answers; archiving rests only for the swap. */
  rebuild(): Steps<RebuildReport> {
    const partitions = this.#partitions().filter((partition) => partition.stream === 'im');
    return rebuildIndex(this.#ports, partitions, { pause: () => this.#rest(), resume: () => this.start() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#running;
  }

  async #rest(): Promise<void> {
    this.#pause?.abort();
    await this.#running;
    this.#running = undefined;
  }

  /** Archives until stopped. What may pass, such as a full disk, is tried again; the other partitions go on meanwhile. */
  async #keepArchiving(partition: PartitionName, signal: AbortSignal): Promise<void> {
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await archivePartition(this.#ports, partition, {
          signal,
          onProgress: (frontier) => this.#advance(partition, frontier),
        });
        return;
      } catch (fault) {
        if (signal.aborted) return;
        this.#faults.set(nameOf(partition), fault);
        this.#wake();
        if (!isRetryable(fault)) return;
        await this.#ports.clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  }

  #partitions(): PartitionName[] {
    return streams.flatMap((stream) =>
      Array.from({ length: this.#ports.log.partitions[stream] }, (_, partition) => ({
        stream,
        generation: 1,
        partition,
      })),
    );
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
