import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Campaign } from './campaign.ts';
import { checkRun } from './disk-faults/check-run.ts';
import {
  callsIn,
  type DiskFault,
  diskFaults,
  type FaultyRun,
  runFaulty,
  wasInjected,
} from './disk-faults/faulty-run.ts';
import { specimens } from './disk-faults/specimens.ts';

interface Attempt {
  readonly fault: DiskFault;
  readonly n: number;
}

interface Found {
  /** Adapters whose call failed. */
  readonly reached: number;
  readonly violations: readonly string[];
}

/**
 * Lets the n-th call of each SQLite adapter to the disk fail, for every kind of fault, n = 1, 2, … until a run ends in
 * which none was reached; with a smaller count in steps, which the seed begins elsewhere.
 */
export const diskFaultsCampaign: Campaign = {
  name: 'disk faults',
  edition: 'both',
  unit: 'faults',
  invariants: 'I1, fsync errors are never success, I8',
  // More than there are calls: every one of them.
  counts: { test: 15, scoreboard: 10_000 },
  run: async ({ seed, count, say }) => {
    await using folder = await temporaryFolder();
    const calm = await inFolder(folder.path, (path) => runFaulty(path));
    const violations: string[] = [];
    const seen: Record<string, number> = {};
    let isExhausted = true;
    for (const fault of diskFaults) {
      const stride = strideOf(calm, fault, count);
      isExhausted &&= stride === 1;
      seen[fault.name] = 0;
      for (let n = 1 + (seed % stride); ; n += stride) {
        const found = await attempt(folder.path, { fault, n });
        if (found.reached === 0) break;
        seen[fault.name]! += found.reached;
        violations.push(...found.violations);
      }
      say?.(`${fault.name}: ${seen[fault.name]} faults, ${violations.length} violated`);
    }
    const attempted = Object.values(seen).reduce((sum, reached) => sum + reached, 0);
    return { attempted, violations, isExhausted, seen };
  },
};

/** The kinds of fault share the count evenly. */
const strideOf = ({ traces }: FaultyRun, fault: DiskFault, count: number): number => {
  const calls = [...traces.values()].reduce((sum, trace) => sum + callsIn(trace, fault), 0);
  return Math.max(1, Math.floor((calls * diskFaults.length) / count));
};

const attempt = (parent: string, { fault, n }: Attempt): Promise<Found> =>
  inFolder(parent, async (path) => {
    try {
      const run = await runFaulty(path, { fault, n });
      const names = Object.keys(specimens).filter((name) => run.traces.get(name)?.some(wasInjected));
      const faults = await Promise.all(
        names.map(async (name) => (await checkRun(name, run)).map((what) => `${name}: ${what}`)),
      );
      return {
        reached: names.length,
        violations: faults.flat().map((what) => `${fault.name} at call ${n}: ${what}`),
      };
    } catch (error) {
      return { reached: 1, violations: [`${fault.name} at call ${n}: ${String(error).slice(0, 400)}`] };
    }
  });

const inFolder = async <T>(parent: string, work: (path: string) => Promise<T>): Promise<T> => {
  const path = await mkdtemp(join(parent, 'run-'));
  try {
    return await work(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
};
