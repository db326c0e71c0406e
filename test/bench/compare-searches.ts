import { type BenchRow, benchRow } from './bench-row.ts';
import { cpuSecondsOf } from './processor-time.ts';
import { medianOf, percentileOf } from './statistics.ts';

const rounds = 5;
const searchesEachRound = 20;
const warmUps = 10;

export interface ComparedSearch {
  readonly api: () => Promise<unknown>;
  /** What the API's index asks its engine, and nothing else. */
  readonly bare: () => Promise<void> | void;
  /** Of the process that serves the API. */
  readonly pid: number;
  readonly signal: AbortSignal;
}

interface Round {
  readonly apiMs: readonly number[];
  readonly bareMs: readonly number[];
  readonly serverCpuSeconds: number | undefined;
}

export interface SearchRowOptions {
  readonly what: string;
  /** What answers the bare search: `SQL`. */
  readonly engine: string;
  readonly percents: readonly number[];
}

/** The same search both ways, in turn; who is first changes each time. */
export const compareSearches = async (
  compared: ComparedSearch,
  options: SearchRowOptions,
): Promise<BenchRow> => {
  for (let turn = 0; turn < warmUps; turn += 1) await measureTurn(compared, true);
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    compared.signal.throwIfAborted();
    measured.push(await measureRound(compared));
  }
  return rowOf(measured, options);
};

const measureRound = async (compared: ComparedSearch): Promise<Round> => {
  const cpuSeconds = cpuSecondsOf(compared.pid);
  const turns = [];
  for (let turn = 0; turn < searchesEachRound; turn += 1)
    turns.push(await measureTurn(compared, turn % 2 === 0));
  const spent = cpuSecondsOf(compared.pid);
  return {
    apiMs: turns.map(({ apiMs }) => apiMs),
    bareMs: turns.map(({ bareMs }) => bareMs),
    serverCpuSeconds: spent === undefined || cpuSeconds === undefined ? undefined : spent - cpuSeconds,
  };
};

const measureTurn = async (
  { api, bare }: ComparedSearch,
  apiFirst: boolean,
): Promise<{ apiMs: number; bareMs: number }> => {
  if (!apiFirst) return { bareMs: await millisecondsOf(bare), apiMs: await millisecondsOf(api) };
  const apiMs = await millisecondsOf(api);
  return { apiMs, bareMs: await millisecondsOf(bare) };
};

const millisecondsOf = async (work: () => unknown): Promise<number> => {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
};

const rowOf = (measured: readonly Round[], { what, engine, percents }: SearchRowOptions): BenchRow => {
  const api = percentilesOf(
    measured.flatMap(({ apiMs }) => apiMs),
    percents,
  );
  const bare = percentilesOf(
    measured.flatMap(({ bareMs }) => bareMs),
    percents,
  );
  const cpuSeconds = measured.flatMap(({ serverCpuSeconds }) => serverCpuSeconds ?? []);
  return benchRow(`search for ${what}: API p50 above ${engine} p50`, {
    unit: 'ms',
    values: measured.map(({ apiMs, bareMs }) => medianOf(apiMs) - medianOf(bareMs)),
    ...(cpuSeconds.length === 0 ? {} : { cpuSeconds }),
    wallSeconds: measured.map(({ apiMs }) => apiMs.reduce((sum, ms) => sum + ms, 0) / 1000),
    aim: { below: 3 },
    note: `${percents.map((percent) => `p${percent}`).join(' / ')}: API ${api}, ${engine} ${bare} ms`,
  });
};

const percentilesOf = (values: readonly number[], percents: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return percents.map((percent) => percentileOf(sorted, percent).toFixed(1)).join(' / ');
};
