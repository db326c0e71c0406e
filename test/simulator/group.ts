import type { Assignment } from '../../services/ports/assignment.ts';
import type { PartitionName } from '../../services/ports/ledger.ts';
import type { Network } from './network.ts';
import type { SimulatedProcess } from './scheduler.ts';

const sessionMs = 6000;
const heartbeatMs = 1000;
const currentForMs = sessionMs - 2 * heartbeatMs;

/** A process that may be at work on partitions: until it has ended what it is no longer assigned. */
interface Worker {
  readonly process: SimulatedProcess;
  /** By name of the partition, when it was assigned. */
  held: ReadonlyMap<string, number>;
}

interface Member {
  readonly process: SimulatedProcess;
  seenMs: number;
  assign(partitions: readonly PartitionName[]): void;
}

/** A group coordinator: shares partitions out among those who were heard from, each of whom learns of it in its own time. */
export class Group {
  readonly #network: Network;
  readonly #partitions: readonly PartitionName[];
  readonly #members = new Set<Member>();
  readonly #workers: Worker[] = [];
  #isWaiting = false;
  #generation = 0;

  constructor(network: Network, partitions: readonly PartitionName[]) {
    this.#network = network;
    this.#partitions = partitions;
    this.#expire();
  }

  join(process: SimulatedProcess): Assignment {
    const { scheduler } = this.#network;
    let assigned: readonly PartitionName[] | undefined;
    let version = 0;
    let currentMs = Number.NEGATIVE_INFINITY;
    let hasLeft = false;
    let wake: () => void = () => undefined;
    const worker: Worker = { process, held: new Map() };
    this.#workers.push(worker);
    const member: Member = {
      process,
      seenMs: scheduler.nowMs,
      assign: (partitions) => {
        assigned = partitions;
        version += 1;
        currentMs = scheduler.nowMs;
        wake();
      },
    };
    const beat = (): void => {
      if (hasLeft) return;
      if (this.#members.has(member)) {
        member.seenMs = scheduler.nowMs;
        if (assigned !== undefined) currentMs = scheduler.nowMs;
      } else this.#enter(member);
      scheduler.after(heartbeatMs, 'heartbeat', beat, process);
    };
    beat();
    return {
      async *changes(signal) {
        for (let seen = 0; !signal.aborted; ) {
          if (seen !== version && assigned !== undefined) {
            seen = version;
            const { held } = worker;
            const now = new Map(
              assigned.map((one) => [nameOf(one), held.get(nameOf(one)) ?? scheduler.steps]),
            );
            worker.held = new Map([...held, ...now]);
            yield assigned;
            worker.held = now;
            continue;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (signal.aborted) resolve();
            else signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
      },
      isCurrent: () => !hasLeft && scheduler.nowMs - currentMs < currentForMs,
      [Symbol.asyncDispose]: async () => {
        hasLeft = true;
        this.#members.delete(member);
        this.rebalance();
      },
    };
  }

  /** The living who may be at work on a partition, and the step from which on. */
  workersOn(
    partition: PartitionName,
  ): readonly { readonly process: SimulatedProcess; readonly since: number }[] {
    return this.#workers.flatMap(({ process, held }) => {
      const since = held.get(nameOf(partition));
      return process.isAlive && since !== undefined ? [{ process, since }] : [];
    });
  }

  /** Shares everything out anew, once everybody was heard from: who is silent is waited for until it is out. */
  rebalance(): void {
    const { dice, scheduler } = this.#network;
    const members = [...this.#members];
    this.#isWaiting = members.some(({ seenMs }) => scheduler.nowMs - seenMs > 2 * heartbeatMs);
    if (members.length === 0 || this.#isWaiting) return;
    const generation = ++this.#generation;
    const shares = new Map(members.map((member) => [member, [] as PartitionName[]]));
    for (const partition of this.#partitions) shares.get(dice.oneOf(members))?.push(partition);
    for (const [member, share] of shares) {
      const tell = () => {
        if (this.#members.has(member) && generation === this.#generation) member.assign(share);
      };
      scheduler.after(dice.latencyMs(), 'assign', tell, member.process);
    }
  }

  #enter(member: Member): void {
    member.seenMs = this.#network.scheduler.nowMs;
    this.#members.add(member);
    this.rebalance();
  }

  /** Who was silent for a session is out. */
  #expire(): void {
    const { scheduler } = this.#network;
    const silent = [...this.#members].filter(({ seenMs }) => scheduler.nowMs - seenMs > sessionMs);
    for (const member of silent) this.#members.delete(member);
    if (silent.length > 0 || this.#isWaiting) this.rebalance();
    scheduler.after(heartbeatMs, 'expire', () => this.#expire());
  }
}

const nameOf = ({ stream, partition }: PartitionName): string => `${stream}/${partition}`;
