import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of this process, all its threads, in seconds. */
const ownCpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** After the name in parentheses, which may hold spaces. */
const statOf = (pid: number | string): readonly string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** User and system time of all threads are the 12th and 13th field, the group is the 3rd. */
const secondsIn = (fields: readonly string[]): number =>
  (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;

/** Processor time of another process in seconds; undefined where the system does not tell. */
export const cpuSecondsOf = (pid: number): number | undefined => {
  try {
    return secondsIn(statOf(pid));
  } catch {
    return undefined;
  }
};

/** The same of all processes of a group that live now. */
const groupCpuSeconds = (group: number): number | undefined => {
  try {
    const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [statOrGone(name)] : []));
    return stats
      .filter((fields) => Number(fields[2]) === group)
      .reduce((sum, fields) => sum + secondsIn(fields), 0);
  } catch {
    return undefined;
  }
};

const statOrGone = (pid: string): readonly string[] => {
  try {
    return statOf(pid);
  } catch {
    return [];
  }
};

/** Most memory another process ever had resident, in MB; undefined where the system does not tell. */
export const peakRssMbOf = (pid: number): number | undefined => {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line === null ? undefined : Number(line[1]) / 1024;
  } catch {
    return undefined;
  }
};

/** Begins to measure a process group; the function returned tells its processor seconds since. */
export const startGroupCost = (group: number | undefined): (() => number | undefined) => {
  const before = group === undefined ? undefined : groupCpuSeconds(group);
  return () => {
    const after = group === undefined ? undefined : groupCpuSeconds(group);
    return before === undefined || after === undefined ? undefined : after - before;
  };
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
