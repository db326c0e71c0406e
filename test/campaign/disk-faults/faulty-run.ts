import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileCache } from '../../support/compile-cache.ts';

/** What the disk does at the n-th call of each thread. */
export interface DiskFault {
  readonly name: string;
  /** As strace takes them. */
  readonly calls: string;
  readonly effect: string;
}

export const diskFaults: readonly DiskFault[] = [
  { name: 'ENOSPC on write', calls: 'pwrite64', effect: 'error=ENOSPC' },
  { name: 'EIO on write', calls: 'pwrite64', effect: 'error=EIO' },
  { name: 'short write', calls: 'pwrite64', effect: 'retval=0' },
  { name: 'EIO on fsync', calls: 'fsync,fdatasync', effect: 'error=EIO' },
  { name: 'EIO on truncate', calls: 'ftruncate', effect: 'error=EIO' },
];

export interface SaidLine {
  readonly name: string;
  readonly step: number;
  readonly acknowledged?: string;
  readonly refused?: string;
  readonly said?: string;
  readonly done?: true;
}

export interface FaultyRun {
  readonly said: readonly SaidLine[];
  /** The calls of each adapter's thread, in order, as strace writes them. */
  readonly traces: ReadonlyMap<string, readonly string[]>;
  /** Of the adapters. */
  readonly folder: string;
}

const run = promisify(execFile);
const script = join(import.meta.dirname, 'run-specimens.ts');
const traced = 'pwrite64,fsync,fdatasync,ftruncate,access';
const longestMs = 60_000;

export interface FaultyRunOptions {
  /** The adapters that run. */
  readonly names: readonly string[];
  /** Left out to count calls. */
  readonly fault?: DiskFault;
  /** Which call of each fails, from 1. */
  readonly n: number;
}

/** Runs adapters in a folder, all at once. */
export const runFaulty = async (
  folder: string,
  { names, fault, n }: FaultyRunOptions,
): Promise<FaultyRun> => {
  const files = join(folder, 'files');
  mkdirSync(files);
  const inject = fault && ['-e', `inject=${fault.calls}:${fault.effect}:when=${n}`];
  const { stdout } = await run(
    'strace',
    [
      ...['-ff', '--seccomp-bpf', '-y', '-s', '0', '-e', `trace=${traced}`, ...(inject ?? [])],
      ...['-o', join(folder, 'trace'), process.execPath, script, files, ...names],
    ],
    { timeout: longestMs, killSignal: 'SIGKILL', env: { ...process.env, NODE_COMPILE_CACHE: compileCache } },
  );
  const said = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as SaidLine);
  return { said, traces: readTraces(folder), folder: files };
};

const readTraces = (folder: string): Map<string, readonly string[]> => {
  const traces = new Map<string, readonly string[]>();
  for (const path of globSync(join(folder, 'trace.*'))) {
    const text = readFileSync(path, 'utf8');
    const [, name] = /holdfast-mark\/(\w+)\//.exec(text) ?? [];
    if (name !== undefined) traces.set(name, text.split('\n'));
  }
  return traces;
};

export const wasInjected = (line: string): boolean => line.endsWith('(INJECTED)');

/** How often a thread made the calls of a fault. */
export const callsIn = (trace: readonly string[], { calls }: DiskFault): number => {
  const names = calls.split(',');
  return trace.filter((line) => names.some((name) => line.startsWith(`${name}(`))).length;
};
