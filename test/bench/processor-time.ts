import { readFileSync } from 'node:fs';

/** Processor time of this process, all its threads, in seconds. */
const ownCpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Processor time of another process in seconds; undefined where the system does not tell. */
export const cpuSecondsOf = (pid: number): number | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return undefined;
  }
};

export interface RunCost {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Begins to measure this process; the function returned tells what was spent since. */
export const startCost = (): (() => RunCost) => {
  const startedMs = performance.now();
  const cpuSeconds = ownCpuSeconds();
  return () => ({
    seconds: (performance.now() - startedMs) / 1000,
    cpuSeconds: ownCpuSeconds() - cpuSeconds,
  });
};
