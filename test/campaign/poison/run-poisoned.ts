import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { Coverage, RetryReport } from '../../../schemas/api/archive-operations.ts';
import type { OutcomeKind } from '../../../schemas/archive/ledger.ts';
import { Dice } from '../../support/dice.ts';
import {
  batchSize,
  type Load,
  makeCleanLoad,
  makeLoad,
  type PoisonPosition,
  positions,
} from './make-load.ts';
import type { PoisonedEdition } from './poisoned-edition.ts';
import { foreignMessage, type Poison } from './poisons.ts';

const caller = { actor: { id: 'tester' }, purpose: 'poison' };
/** Poison may make a load take so many times as long. */
const maxSlowdown = 2;
const measuredTimes = 3;

type Totals = z.output<typeof Coverage>['totals'];

export interface PoisonedResult {
  readonly attempted: number;
  readonly violations: readonly string[];
  readonly seen: Readonly<Record<string, number>>;
}

/**
 * Loads with one poison in every hundred records, at the first, middle and last place of their batches, past everything
 * that checks them, then over HTTP, until `count` were attempted.
 */
export const runPoisoned = async (
  edition: PoisonedEdition,
  poisons: readonly Poison[],
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<PoisonedResult> => {
  const run = new PoisonedRun(edition, seed);
  await run.begin();
  let attempted = 0;
  for (let round = 0; attempted < count; round += 1) {
    const position = positions[round % positions.length]!;
    const overHttp = Math.floor(round / positions.length) % 2 === 1;
    const order = shuffled(poisons, new Dice(`${seed}/${round}`));
    attempted += await run.attempt(order, { round, position, overHttp });
  }
  await run.checkSpeed(poisons);
  await run.end();
  return { attempted, violations: run.violations, seen: run.seen };
};

interface Round {
  readonly round: number;
  readonly position: PoisonPosition;
  readonly overHttp: boolean;
}

class PoisonedRun {
  readonly violations: string[] = [];
  readonly seen: Record<string, number> = {};
  readonly #edition: PoisonedEdition;
  readonly #seed: number;
  /** SHA-256 of what must be in the quarantine, with the name of the poison. */
  readonly #expected = new Map<string, string>();

  #cleanMs = 0;
  #poisonedMs = 0;

  constructor(edition: PoisonedEdition, seed: number) {
    this.#edition = edition;
    this.#seed = seed;
  }

  async begin(): Promise<void> {
    await this.#edition.archive.append([foreignMessage]);
    await this.#edition.settled();
  }

  /** One load; everything in it gets the outcome it deserves, and nothing else does. The number of its poisons. */
  async attempt(poisons: readonly Poison[], { round, position, overHttp }: Round): Promise<number> {
    const where = `seed ${this.#seed}, round ${round} (${position}${overHttp ? ', over HTTP' : ''})`;
    const usable = overHttp ? poisons.filter(({ isRawOnly }) => isRawOnly !== true) : poisons;
    const load = makeLoad({ conversation: `load-${round}`, poisons: usable, position });
    const clean = makeCleanLoad({ conversation: `clean-${round}`, poisons: usable, position });
    if (!overHttp) this.#cleanMs += await this.#drainMs(clean);
    const before = await this.#totals();
    if (overHttp) await this.#sendOverHttp(load);
    else this.#poisonedMs += await this.#drainMs(load);
    const after = await this.#totals();
    const expected = this.#expect(usable, load);
    for (const [outcome, count] of Object.entries(expected)) {
      const found = after.outcomes[outcome as OutcomeKind] - before.outcomes[outcome as OutcomeKind];
      if (found !== count) this.violations.push(`${where}: ${found} became ${outcome}, expected ${count}`);
    }
    if (after.pending !== 0) this.violations.push(`${where}: ${after.pending} wait behind the poison`);
    return usable.length;
  }

  async #sendOverHttp({ batches }: Load): Promise<void> {
    for (const batch of batches)
      await this.#edition.remote.append(batch.map(({ value }) => value ?? new Uint8Array()));
    await this.#edition.settled();
  }

  /** How many of a load must get each outcome. */
  #expect(poisons: readonly Poison[], { values }: Load): Record<OutcomeKind, number> {
    const expected = { archived: 1, conflict: 0, duplicate: 0, refused: 0, quarantined: 0, control: 0 };
    for (const [number, { name, becomes }] of poisons.entries()) {
      expected.archived += batchSize - 1;
      if (becomes !== 'turned away') expected[becomes] += 1;
      if (becomes === 'quarantined')
        this.#expected.set(hash('sha256', values[number] ?? new Uint8Array(), 'hex'), name);
    }
    return expected;
  }

  /** Each load was written with poison and without, one after the other; measured again where it came out wrong. */
  async checkSpeed(poisons: readonly Poison[]): Promise<void> {
    for (let times = 0; times < measuredTimes && this.#slowdown() > maxSlowdown; times += 1) {
      [this.#cleanMs, this.#poisonedMs] = [0, 0];
      for (const position of positions) {
        const plan = { conversation: `again-${times}-${position}`, poisons, position };
        this.#cleanMs += await this.#drainMs(
          makeCleanLoad({ ...plan, conversation: `${plan.conversation}-clean` }),
        );
        this.#poisonedMs += await this.#drainMs(makeLoad(plan));
      }
    }
    const slowdown = this.#slowdown();
    this.seen['slowdown %'] = Math.round(slowdown * 100);
    if (slowdown > maxSlowdown)
      this.violations.push(`seed ${this.#seed}: poison made the load ${slowdown.toFixed(2)} times as slow`);
  }

  #slowdown(): number {
    return this.#poisonedMs / this.#cleanMs;
  }

  async #drainMs({ batches }: Load): Promise<number> {
    const startedMs = performance.now();
    for (const batch of batches) await this.#edition.write(batch);
    await this.#edition.settled();
    return performance.now() - startedMs;
  }

  /** Every poison is shown with its reason; trying them all again, twice, harms nothing. */
  async end(): Promise<void> {
    const { archive } = this.#edition;
    const before = await this.#totals();
    const missing = new Map(this.#expected);
    for (let after: string | undefined, isMore = true; isMore; ) {
      const page = await archive.quarantine(caller, after, 500);
      for (const { valueHash, reason } of page.entries) if (reason.length > 0) missing.delete(valueHash);
      if (page.total !== before.outcomes.quarantined)
        this.violations.push(`the quarantine counts ${page.total}, coverage ${before.outcomes.quarantined}`);
      after = page.next;
      isMore = after !== undefined;
    }
    for (const name of new Set(missing.values()))
      this.violations.push(`${name}: not shown in the quarantine with a reason`);
    for (let times = 0; times < 2; times += 1)
      this.#checkRetry(await archive.retryQuarantine(caller), before);
    await this.#edition.settled();
    const after = await this.#totals();
    if (JSON.stringify(after) !== JSON.stringify(before))
      this.violations.push(`trying again changed ${JSON.stringify(before)} into ${JSON.stringify(after)}`);
    this.seen.quarantined = before.outcomes.quarantined;
    this.seen.archived = before.outcomes.archived;
    await this.#verify();
  }

  #checkRetry(report: RetryReport, { outcomes }: Totals): void {
    if (report.tried !== outcomes.quarantined || report.redriven !== 0)
      this.violations.push(`a retry of ${outcomes.quarantined} said ${JSON.stringify(report)}`);
  }

  async #verify(): Promise<void> {
    for await (const step of this.#edition.archive.verify(caller))
      if (step.kind === 'report' && !step.report.ok)
        this.violations.push(`verify says ${JSON.stringify(step.report.differences).slice(0, 1000)}`);
  }

  async #totals(): Promise<Totals> {
    return (await this.#edition.archive.coverage(caller)).totals;
  }
}

const shuffled = <T>(list: readonly T[], dice: Dice): T[] => {
  const rest = [...list];
  return list.map(() => rest.splice(dice.below(rest.length), 1)[0]!);
};
