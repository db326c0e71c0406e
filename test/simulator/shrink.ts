import type { FaultRates } from './network.ts';
import type { Plan } from './plan.ts';
import { type SimulationResult, simulate } from './simulate.ts';

/** `I2: item e5 …` and `I2: item e9 …` are one kind of violation. */
export const kindOf = (violation: string): string =>
  violation.replace(/\b[ec]?\d[\w/~,-]*/g, '#').slice(0, 60);

/**
 * The smallest part of a plan found that violates the same: operations are left out, first many at once, and kinds of
 * faults. What is left replays by the seed and the numbers of its operations (`make simulate KEEP=`).
 */
export const shrink = async (plan: Plan, violated: SimulationResult): Promise<Plan> => {
  const kind = kindOf(violated.violations[0] ?? '');
  const fails = async (smaller: Plan): Promise<boolean> =>
    (await simulate(smaller)).violations.some((violation) => kindOf(violation) === kind);
  let smallest = plan;
  for (const name of ['lostRequest', 'lostAnswer', 'torn', 'doubled'] as const) {
    const faults: FaultRates = { ...smallest.faults, [name]: 0 };
    if (smallest.faults[name] > 0 && (await fails({ ...smallest, faults })))
      smallest = { ...smallest, faults };
  }
  for (
    let size = Math.ceil(plan.operations.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let at = 0; at < smallest.operations.length; ) {
      const operations = smallest.operations.toSpliced(at, size);
      if (operations.length > 0 && (await fails({ ...smallest, operations })))
        smallest = { ...smallest, operations };
      else at += size;
    }
  }
  return smallest;
};
