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
  readonly names: readonly string[];
  readonly fault: DiskFault;
  readonly n: number;
}

interface Found {
  /** Adapters whose call failed. */
  readonly reached: readonly string[];
  readonly violations: readonly string[];
}

const all = Object.keys(specimens);
/** Runs at once: each is mostly one thread that waits for strace. */
const atOnce = 2;

/**
 * Lets the n-th call of each SQLite adapter to the disk fail, for every kind of fault, n = 1, 2, … until a run ends in
 * which none was reached; with a smaller count in steps, which the seed begins elsewhere. An adapter that makes fewer
 * than n calls is not run again.
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
    const calm = await inFolder(folder.path, (path) => runFaulty(path, { names: all, n: 0 }));
    const violations: string[] = [];
    const seen: Record<string, number> = {};
    let isExhausted = true;
    for (const fault of diskFaults) {
      const stride = strideOf(calm, fault, count);
      isExhausted &&= stride === 1;
      seen[fault.name] = 0;
      let names: readonly string[] = all;
      for (let n = 1 + (seed % stride); names.length > 0; n += stride * atOnce) {
        const found = await Promise.all(
          Array.from({ length: atOnce }, (_, k) => attempt(folder.path, { names, fault, n: n + k * stride })),
        );
        seen[fault.name]! += found.reduce((sum, { reached }) => sum + reached.length, 0);
        violations.push(...found.flatMap((one) => one.violations));
        names = found.at(-1)!.reached;
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

const attempt = (parent: string, { names, fault, n }: Attempt): Promise<Found> =>
  inFolder(parent, async (path) => {
    try {
      const run = await runFaulty(path, { names, fault, n });
      const reached = names.filter((name) => run.traces.get(name)?.some(wasInjected));
      const faults = await Promise.all(
        reached.map(async (name) => (await checkRun(name, run)).map((what) => `${name}: ${what}`)),
      );
      return { reached, violations: faults.flat().map((what) => `${fault.name} at call ${n}: ${what}`) };
    } catch (error) {
      return { reached: names, violations: [`${fault.name} at call ${n}: ${String(error).slice(0, 400)}`] };
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
