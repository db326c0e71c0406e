import type { RawRecord } from '../../services/adapters/kafka/record-batches.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { Dice } from './dice.ts';
import { IndexWatch } from './index-watch.ts';
import { Installation } from './installation.ts';
import { Machines } from './machines.ts';
import { Network, noFaults } from './network.ts';
import { caller, Operator } from './operator.ts';
import { Oracle } from './oracle.ts';
import type { Operation, Plan } from './plan.ts';
import { Scheduler } from './scheduler.ts';

export interface SimulationResult {
  readonly violations: readonly string[];
  /** Of everything that happened, in its order. */
  readonly digest: string;
  readonly steps: number;
  /** How often each kind of thing happened. */
  readonly seen: Readonly<Record<string, number>>;
}

const mostSteps = 60_000;
/** After everything is accounted for: what lost a race is taken back. */
const settleMs = 20_000;
const lastWords = 3;

/** Runs a plan to its end, then without faults until everything rests, and says what was violated. */
export const simulate = async (plan: Plan): Promise<SimulationResult> => {
  const simulation = new Simulation(plan);
  const onUnhandled = (reason: unknown) => simulation.oracle.violated(`unhandled: ${String(reason)}`);
  process.on('unhandledRejection', onUnhandled);
  try {
    return await simulation.run();
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
};

class Simulation {
  readonly oracle: Oracle;
  readonly #plan: Plan;
  readonly #scheduler = new Scheduler();
  readonly #shared: Installation;
  readonly #machines: Machines;
  readonly #index: IndexWatch;
  readonly #operator: Operator;
  readonly #seen: Record<string, number> = {};

  constructor(plan: Plan) {
    this.#plan = plan;
    const network = new Network(new Dice(`run ${plan.seed}`), this.#scheduler, plan.faults);
    const shared = new Installation(network, plan.partitions);
    this.#shared = shared;
    const oracle = new Oracle(shared.streams.im, plan.partitions);
    this.oracle = oracle;
    shared.streams.governance.onStored = (_, record) => oracle.governed(record);
    shared.proposals.im.onStored = (_, record) => this.#proposed(record);
    const machines = new Machines(shared, plan.archivers, (what) => oracle.violated(what));
    this.#machines = machines;
    this.#index = new IndexWatch({ shared, machines, oracle });
    this.#operator = new Operator({ shared, machines, oracle, count: (what) => this.#count(what) });
  }

  async run(): Promise<SimulationResult> {
    for (const operation of this.#plan.operations)
      this.#scheduler.after(operation.atMs, operation.kind, () => void this.#perform(operation));
    const endsMs = this.#plan.operations.at(-1)?.atMs ?? 0;
    await this.#until(() => this.#scheduler.nowMs >= endsMs, 'the plan does not end');
    await this.#rest();
    if (this.oracle.violations.length === 0) await this.#checkAll();
    return {
      violations: this.oracle.violations,
      digest: this.#scheduler.digest(),
      steps: this.#scheduler.steps,
      seen: { ...this.#seen, 'quiet moments': this.#index.quietMoments },
    };
  }

  /** A fault of the oracle must not pass for one of the engine that called it. */
  #proposed(record: RawRecord): void {
    try {
      const won = this.oracle.proposed(record, this.#scheduler.nowMs);
      this.#count(won === undefined ? 'lost' : 'won');
      if (won !== undefined) this.#index.recorded(won);
    } catch (error) {
      this.oracle.violated(`the oracle fails: ${String(error)}`);
    }
  }

  async #perform(operation: Operation): Promise<void> {
    this.#count(operation.kind);
    try {
      await this.#operator.perform(operation);
    } catch (error) {
      const isPassing = isHoldfastError(error) && !['VerificationFailed', 'Internal'].includes(error.code);
      if (isPassing) this.#count(`${operation.kind} failed`);
      else this.oracle.violated(`${operation.kind}: ${String(error)}`);
    }
  }

  /** No more faults; everybody is back; everything that was logged is accounted for. */
  async #rest(): Promise<void> {
    this.#shared.network.faults = noFaults;
    const { im } = this.#shared.streams;
    const isSettled = () =>
      this.#machines.areUp && this.oracle.sizes().every((size, partition) => size === im.end(partition));
    await this.#until(isSettled, 'not everything that was logged is accounted for');
    const untilMs = this.#scheduler.nowMs + settleMs;
    await this.#until(() => this.#scheduler.nowMs >= untilMs && isSettled(), 'it does not come to rest');
  }

  async #checkAll(): Promise<void> {
    const { oracle } = this;
    this.#operator.compact();
    oracle.logHolds();
    await this.#index.atRest();
    const { ledger } = await this.#machines.on('search-api');
    await oracle.claimsAreFound((ids) => ledger.find(ids));
    const words = [...oracle.items.values()].flatMap(({ facts }) =>
      facts.flatMap(({ words: [, own] }) => own ?? []),
    );
    for (const word of ['said', ...words.slice(-lastWords)])
      await this.#finish(this.#operator.search(word), `search for ${word}`);
    await this.#finish(this.#verify(), 'verify');
  }

  /** What was erased is the only difference there may be. */
  async #verify(): Promise<void> {
    const { oracle } = this;
    const { archive } = await this.#machines.on('search-api');
    for await (const step of archive.verify(caller)) {
      if (step.kind !== 'report') continue;
      for (const { partition, offset, itemId, what } of step.report.differences) {
        const isErased =
          oracle.erasedOffsets.has(`${partition}/${offset}`) || oracle.erased.has(itemId ?? '');
        if (!isErased) oracle.violated(`verify: ${what} (${partition}/${offset} ${itemId})`);
      }
    }
  }

  /** Lets time go on until the work is done. */
  async #finish(work: Promise<void>, what: string): Promise<void> {
    let isDone = false;
    work
      .catch((error: unknown) => this.oracle.violated(`${what}: ${String(error)}`))
      .finally(() => {
        isDone = true;
      });
    await this.#until(() => isDone, `${what} does not end`);
  }

  async #until(isReached: () => boolean, otherwise: string): Promise<void> {
    while (!isReached() && this.oracle.violations.length === 0) {
      const isLate = this.#scheduler.steps > mostSteps;
      if (isLate || !(await this.#scheduler.step())) return this.oracle.violated(`liveness: ${otherwise}`);
      await this.#index.stepped();
    }
  }

  #count(what: string): void {
    this.#seen[what] = (this.#seen[what] ?? 0) + 1;
  }
}
