import type { Campaign } from './campaign.ts';
import { runPure } from './fuzz/pure-range.ts';
import { runServed } from './fuzz/run-served.ts';

/**
 * Inputs made of valid ones by mutation: events, queries and files to import, read in a thread that is watched; events,
 * searches and requests sent to a server in a process of its own. `first` attempts a violation alone again.
 */
export const attemptInputs = async (seed: number, first: number, count: number) => {
  const range = [seed, first, first + count] as const;
  const pure = await runPure(...range);
  const served = await runServed(...range);
  const seen = { ...served.seen, 'slowest pure ms': pure.slowestMs };
  return { attempted: count, violations: [...pure.violations, ...served.violations], seen };
};

export const fuzzCampaign: Campaign = {
  name: 'fuzz',
  edition: 'standard',
  unit: 'inputs',
  invariants:
    'no crash, no 5xx but 503, every refusal a problem, no hang over 1 s, no growth over 50 MiB, every event accounted for, index = matcher',
  counts: { test: 20_000, scoreboard: 60_000 },
  run: ({ seed, count }) => attemptInputs(seed, 0, count),
};
