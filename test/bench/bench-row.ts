import { type Spread, spreadOf } from './statistics.ts';

/** One line of the table and one entry of the JSON. */
export interface BenchRow {
  readonly edition?: 'Standard' | 'Enterprise';
  readonly what: string;
  readonly unit: string;
  readonly spread: Spread;
  /** Median over the rounds, of what the figure was measured on. */
  readonly cpuSeconds?: number;
  readonly wallSeconds?: number;
  readonly aim?: Aim;
  /** Absent without an aim, and where the corpus is too small to tell. */
  readonly met?: boolean;
  readonly note?: string;
}

/** `below` and `above` include the bound itself. */
export type Aim = { readonly below: number } | { readonly above: number };

export interface RowOptions {
  readonly unit: string;
  readonly values: readonly number[];
  readonly cpuSeconds?: readonly number[];
  readonly wallSeconds?: readonly number[];
  readonly aim?: Aim;
  /** False where the aim speaks of more than was measured. */
  readonly comparable?: boolean;
  readonly note?: string;
}

export const benchRow = (what: string, options: RowOptions): BenchRow => {
  const { unit, aim, note, cpuSeconds, wallSeconds, comparable = true } = options;
  const spread = spreadOf(options.values);
  return {
    what,
    unit,
    spread,
    ...(cpuSeconds === undefined ? {} : { cpuSeconds: spreadOf(cpuSeconds).median }),
    ...(wallSeconds === undefined ? {} : { wallSeconds: spreadOf(wallSeconds).median }),
    ...(aim === undefined ? {} : { aim }),
    ...(aim === undefined || !comparable ? {} : { met: isMet(spread.median, aim) }),
    ...(note === undefined ? {} : { note }),
  };
};

const isMet = (value: number, aim: Aim): boolean =>
  'below' in aim ? value <= aim.below : value >= aim.above;
