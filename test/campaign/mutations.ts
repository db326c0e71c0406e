import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Mutation } from '../simulator/mutation.ts';
import { mutations } from '../simulator/mutations.ts';
import type { Campaign } from './campaign.ts';

const run = promisify(execFile);
const pathOf = (name: string): string => new URL(`../simulator/${name}`, import.meta.url).pathname;

/** A process of its own, with the bug in the code it loads. */
const findSeed = async (
  { name }: Mutation,
  first: number,
  last: number,
): Promise<{ readonly seed: number; readonly violation: string } | undefined> => {
  const script = [pathOf('find-seed.ts'), String(first), String(last)];
  const { stdout } = await run(process.execPath, ['--import', pathOf('mutate.ts'), ...script], {
    env: { ...process.env, HOLDFAST_MUTATION: name },
  });
  return stdout === '' ? undefined : JSON.parse(stdout);
};

const seedsEach = 2000;

/** Deliberate bugs in the services: each must be found by the simulator. */
export const mutationsCampaign: Campaign = {
  name: 'deliberate bugs',
  edition: 'both',
  unit: 'bugs',
  invariants: 'that the simulation finds what breaks them',
  counts: { test: mutations.length, scoreboard: mutations.length },
  async run({ seed, count, say }) {
    const violations: string[] = [];
    const seen: Record<string, string> = {};
    for (const mutation of mutations.slice(0, count)) {
      const found =
        (await findSeed(mutation, mutation.seed, mutation.seed)) ??
        (await findSeed(mutation, seed, seed + seedsEach - 1));
      if (found === undefined) violations.push(`${mutation.name}: not found by ${seedsEach} seeds`);
      else seen[mutation.name] = `seed ${found.seed}`;
      say?.(
        `${mutation.name}: ${found === undefined ? 'NOT FOUND' : `seed ${found.seed}: ${found.violation}`}`,
      );
    }
    return { attempted: Math.min(count, mutations.length), violations, seen };
  },
};
