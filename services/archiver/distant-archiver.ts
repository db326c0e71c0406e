import { HoldfastError } from '../core/errors.ts';
import { imPartitionsOf, partitionsOf } from '../core/ledger/partitions-of.ts';
import type { PartitionName } from '../ports/ledger.ts';
import type { ArchiverPorts } from './archive-partition.ts';
import type { ArchiverControl, ArchiverStatus } from './archiver.ts';
import { firstLacking } from './first-lacking.ts';
import { findIndexLag } from './index-lag.ts';
import { OldestItems } from './oldest-items.ts';
import { rebuildIndex } from './rebuild-index.ts';

/** How often whoever waits looks at the ledger; its view is local. */
const lookMs = 20;
const wholeForMs = 1000;
/** How often a quiet log is looked at for events that wait. */
const lookAgainMs = 1000;
/** After so long without progress, while events wait, somebody should look after the archivers. */
const stalledMs = 30_000;
/** Longest wait for archivers before the caller is told; longer than it takes one to be replaced. */
const patienceMs = 60_000;

type DistantPorts = Pick<ArchiverPorts, 'log' | 'ledger' | 'index' | 'clock'>;

/** Archivers of other processes, known by what they account for. */
export class DistantArchiver implements ArchiverControl {
  readonly #ports: DistantPorts;
  #wholeMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<PartitionName | undefined> | undefined;
  /** How much was accounted for and logged at a look; kept while nothing more is accounted for and events wait. */
  #seen: { readonly accounted: number; readonly end: number; readonly atMs: number } | undefined;
  readonly #oldestItems: OldestItems;
  /** What was accounted for at the last look at the index, which found all of it. */
  #indexed: readonly number[] | undefined;

  constructor(ports: DistantPorts) {
    this.#ports = ports;
    this.#oldestItems = new OldestItems(ports.ledger);
  }

  async status(): Promise<ArchiverStatus> {
    const { log, clock } = this.#ports;
    const names = imPartitionsOf(log);
    const lag = await this.#lag(names);
    if (lag !== undefined)
      return {
        state: 'starting',
        failure: `The index lacks events of partition ${lag.partition} that were archived; archivers bring it up to the ledger when they start. If that does not help, \`holdfast rebuild-index\` makes it anew.`,
      };
    const accounted = sum(await this.#sizes(names));
    const nowMs = clock.monotonicMs();
    const seen = this.#seen;
    if (seen?.accounted !== accounted) {
      this.#seen = { accounted, end: accounted, atMs: nowMs };
      return { state: 'running' };
    }
    const isWaiting = seen.end > accounted;
    if (nowMs - seen.atMs < (isWaiting ? stalledMs : lookAgainMs)) return { state: 'running' };
    const end = sum(await Promise.all(names.map(({ partition }) => log.end('im', partition))));
    if (!isWaiting) {
      // What has come since the last look may have come just now.
      this.#seen = { accounted, end, atMs: nowMs };
      return { state: 'running' };
    }
    const seconds = Math.round((nowMs - seen.atMs) / 1000);
    return {
      state: 'failed',
      failure: `${end - accounted} events wait and no archiver has accounted for one in ${seconds} s; look after the processes with --role archiver.`,
    };
  }

  async waitFor(partition: PartitionName, size: number): Promise<void> {
    const { ledger, clock } = this.#ports;
    let seen = -1;
    for (let sinceMs = clock.monotonicMs(); ; ) {
      const frontier = await ledger.frontier(partition);
      if (frontier.size >= size) return;
      if (frontier.size !== seen) sinceMs = clock.monotonicMs();
      seen = frontier.size;
      if (clock.monotonicMs() - sinceMs > patienceMs)
        throw new HoldfastError('LedgerUnavailable', {
          detail: `Nothing of ${partition.stream} ${partition.partition} was archived for ${patienceMs / 1000} s; does an archiver run? What was sent is in the log.`,
        });
      await clock.sleep(lookMs);
    }
  }

  async caughtUp(): Promise<void> {
    while ((await this.status()).state === 'starting') await this.#ports.clock.sleep(lookMs);
  }

  async processAll(): Promise<void> {
    for (const partition of partitionsOf(this.#ports.log))
      await this.waitFor(partition, await this.#ports.log.end(partition.stream, partition.partition));
  }

  /** Archivers go on meanwhile; they are kept out of the old index only for the last catch-up. */
  rebuild(): ReturnType<ArchiverControl['rebuild']> {
    const partitions = imPartitionsOf(this.#ports.log);
    return rebuildIndex(this.#ports, partitions, { pause: async () => undefined, resume: () => undefined });
  }

  /**
   * An index that was lost and made anew answers less than the ledger says; that is looked for a second after the last
   * look ended, and once for all who ask meanwhile: a busy index answers slowly.
   */
  async #lag(names: readonly PartitionName[]): Promise<PartitionName | undefined> {
    if (this.#ports.clock.monotonicMs() - this.#wholeMs < wholeForMs) return undefined;
    this.#looking ??= this.#look(names).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(names: readonly PartitionName[]): Promise<PartitionName | undefined> {
    const isFirst = this.#wholeMs === Number.NEGATIVE_INFINITY;
    const lag = (await this.#behind(names)) ?? (isFirst ? await this.#lacking(names) : undefined);
    if (lag === undefined) this.#wholeMs = this.#ports.clock.monotonicMs();
    return lag;
  }

  /** Searches refresh the index, so what was accounted for a look ago is seen; only where it is not is it refreshed here. */
  async #behind(names: readonly PartitionName[]): Promise<PartitionName | undefined> {
    const sizes = await this.#sizes(names);
    const find = (wanted: readonly number[]) =>
      findIndexLag(this.#ports, names, { sizes: wanted, oldestItems: this.#oldestItems });
    if (this.#indexed === undefined || (await find(this.#indexed)) !== undefined) {
      await this.#ports.index.refresh();
      const behind = await find(sizes);
      if (behind !== undefined) return behind;
    }
    this.#indexed = sizes;
    return undefined;
  }

  #sizes(names: readonly PartitionName[]): Promise<readonly number[]> {
    return Promise.all(names.map(async (name) => (await this.#ports.ledger.frontier(name)).size));
  }

  /** An older copy may be put in place only while nothing runs, so this is looked for once. */
  async #lacking(names: readonly PartitionName[]): Promise<PartitionName | undefined> {
    for (const name of names) {
      const { size } = await this.#ports.ledger.frontier(name);
      if ((await firstLacking(this.#ports, name, size)) !== undefined) return name;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
