import { planOf } from '../simulator/plan.ts';
import { simulate } from '../simulator/simulate.ts';
import type { Campaign } from './campaign.ts';

/** The services over engines that fail, in virtual time: each seed another installation and another history. */
export const simulationCampaign: Campaign = {
  name: 'simulation',
  edition: 'both',
  unit: 'seeds',
  invariants: '1, 2, 3, 6, 8',
  counts: { test: 500, scoreboard: 2000 },
  async run({ seed: first, count, say }) {
    const violations: string[] = [];
    const seen: Record<string, number> = {};
    for (let seed = first; seed < first + count; seed++) {
      const result = await simulate(planOf(seed));
      for (const violation of result.violations)
        violations.push(`seed ${seed}: ${violation} (make simulate SEED=${seed} COUNT=1)`);
      for (const [what, often] of Object.entries({ ...result.seen, steps: result.steps }))
        seen[what] = (seen[what] ?? 0) + often;
      if (seed % 100 === 0) say?.(`${seed - first + 1} of ${count} seeds, ${violations.length} violations`);
    }
    return { attempted: count, violations, seen };
  },
};
