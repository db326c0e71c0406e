import type { RebuildReport } from '../../schemas/api/archive-operations.ts';
import type { DataStream } from '../../schemas/archive/ledger.ts';
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

const streams: readonly DataStream[] = ['im', 'governance', 'audit'];

/**
 * Archives every partition of every stream in parallel, in order inside each. A failure stops the archiver and is
 * shown: what was not accounted for stays in the log and is archived by the next start.
 */
export class Archiver implements ArchiverControl {
  readonly #ports: ArchiverPorts;
  readonly #stop = new AbortController();
  readonly #sizes = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #running: Promise<void> | undefined;
  #pause: AbortController | undefined;
  #failure: unknown;

  constructor(ports: ArchiverPorts) {
    this.#ports = ports;
  }

  start(): void {
    if (this.#running !== undefined || this.#stop.signal.aborted) return;
    const pause = new AbortController();
    this.#pause = pause;
    const signal = AbortSignal.any([this.#stop.signal, pause.signal]);
    const runs = this.#partitions().map((partition) =>
      archivePartition(this.#ports, partition, {
        signal,
        onProgress: (frontier) => this.#advance(partition, frontier),
      }).catch((failure: unknown) => {
        if (signal.aborted && isAbort(failure)) return;
        this.#failure ??= failure;
        pause.abort();
        this.#wake();
      }),
    );
    this.#running = Promise.all(runs).then(() => undefined);
  }

  async status(): Promise<ArchiverStatus> {
    if (this.#failure !== undefined) return { state: 'failed', failure: messageOf(this.#failure) };
    if (this.#running === undefined || this.#stop.signal.aborted) return { state: 'stopped' };
    return {
      state: this.#partitions().every((partition) => this.#sizes.has(nameOf(partition)))
        ? 'running'
        : 'starting',
    };
  }

  async waitFor(partition: PartitionName, size: number): Promise<void> {
    while ((this.#sizes.get(nameOf(partition)) ?? -1) < size) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#stop.signal.aborted) throw this.#stop.signal.reason;
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
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

const nameOf = ({ stream, generation, partition }: PartitionName): string =>
  `${stream}/${generation}/${partition}`;

const isAbort = (failure: unknown): boolean =>
  failure instanceof Error &&
  (failure.name === 'AbortError' || failure.message === 'the archiver was stopped');

const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : String(failure);
