/** Median and range: never the best of several runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted(ascending);
  return {
    median: medianOf(sorted),
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    rounds: sorted.length,
  };
};

/** Of ascending values: the smallest that so many of a hundred do not exceed. */
export const percentileOf = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;

/** Of an even number of values, the middle of the two in the middle. */
export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted(ascending);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

/** The same thing measured twice, `first` against `second`, must come out the same or nothing else can be told. */
export const isTooNoisy = (ratios: readonly number[]): boolean => {
  const median = medianOf(ratios);
  return median < 0.9 || median > 1.1;
};

/** Least squares: how much the second number grows for one of the first. */
export const slopeOf = (points: readonly (readonly [x: number, y: number])[]): number => {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
};

const ascending = (a: number, b: number): number => a - b;
