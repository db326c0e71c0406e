import { imPartitionsOf } from '../core/ledger/partitions-of.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger } from '../ports/ledger.ts';

export interface VectorPorts {
  readonly log: Pick<EventLog, 'partitions'>;
  readonly ledger: Pick<Ledger, 'frontier'>;
  readonly index: Pick<ArchiveIndex, 'refresh'>;
  readonly clock: Clock;
}

interface Known {
  readonly offsets: readonly number[];
  /** When the index had been refreshed for them. */
  readonly atMs: number;
}

/**
 * Up to where searches are complete, per partition of `im`. What the ledger accounts for was put before; once the index
 * was refreshed after the ledger was read, a search sees all of it.
 */
export class SearchableVector {
  readonly #ports: VectorPorts;
  readonly #maxAgeMs: number;
  #known: Known | undefined;
  #running: Promise<readonly number[]> | undefined;
  #queued: Promise<readonly number[]> | undefined;

  /** `maxAgeMs`: how long an answer is given again, so that a busy index is not refreshed for every search; 0 = ask each time. */
  constructor(ports: VectorPorts, maxAgeMs: number) {
    this.#ports = ports;
    this.#maxAgeMs = maxAgeMs;
  }

  async current(): Promise<readonly number[]> {
    const { clock } = this.#ports;
    if (this.#known !== undefined && clock.monotonicMs() - this.#known.atMs < this.#maxAgeMs)
      return this.#known.offsets;
    return this.advance();
  }

  /** The vector as of now: everything accounted for before the call is in it. */
  advance(): Promise<readonly number[]> {
    // What runs already may have read the ledger before the call.
    this.#queued ??= (this.#running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#queued = undefined;
        this.#running = this.#read();
        return this.#running;
      });
    return this.#queued;
  }

  async #read(): Promise<readonly number[]> {
    const { log, ledger, index, clock } = this.#ports;
    const frontiers = await Promise.all(imPartitionsOf(log).map((partition) => ledger.frontier(partition)));
    const offsets = frontiers.map(({ size }) => size);
    if (String(offsets) !== String(this.#known?.offsets)) await index.refresh();
    this.#known = { offsets, atMs: clock.monotonicMs() };
    return offsets;
  }
}
