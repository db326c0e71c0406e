import { type AppendFigures, benchAppend } from './append.ts';
import type { BenchContext } from './bench-context.ts';
import { type BenchRow, benchRow } from './bench-row.ts';

const rounds = 5;

/** Durable appends by one writer and by 64 at a time. */
export const appendRows = async ({ folder, signal, say }: BenchContext): Promise<BenchRow[]> => {
  const alone: AppendFigures[] = [];
  const together: AppendFigures[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    say(`appends, round ${round} of ${rounds}`);
    alone.push(await benchAppend({ writers: 1, appends: 2000, folder }));
    together.push(await benchAppend({ writers: 64, appends: 100_000, folder }));
  }
  return rowsOfAppends(alone, together, 50_000);
};

export const rowsOfAppends = (
  alone: readonly AppendFigures[],
  together: readonly AppendFigures[],
  leastPerSecond: number,
): BenchRow[] => {
  const latencies = (what: string, figures: readonly AppendFigures[]): BenchRow[] => [
    benchRow(`${what}, p50`, { unit: 'ms', values: figures.map(({ p50Ms }) => p50Ms), ...costOf(figures) }),
    benchRow(`${what}, p99`, { unit: 'ms', values: figures.map(({ p99Ms }) => p99Ms) }),
  ];
  return [
    ...latencies('durable append, one writer', alone),
    ...latencies('durable append, 64 writers', together),
    benchRow('durable appends each second, 64 writers', {
      unit: '/s',
      values: together.map(({ perSecond }) => perSecond),
      ...costOf(together),
      aim: { above: leastPerSecond },
    }),
  ];
};

const costOf = (figures: readonly AppendFigures[]) => ({
  cpuSeconds: figures.map(({ cpuSeconds }) => cpuSeconds),
  wallSeconds: figures.map(({ appends, perSecond }) => appends / perSecond),
});
