/** Median and range: never the best of several runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: percentileOf(sorted, 50),
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    rounds: sorted.length,
  };
};

/** Of ascending values. */
export const percentileOf = (sorted: readonly number[], percent: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
