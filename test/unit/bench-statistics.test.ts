import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { benchRow } from '../bench/bench-row.ts';
import { toMarkdown } from '../bench/print-table.ts';
import { isTooNoisy, medianOf, percentileOf, spreadOf } from '../bench/statistics.ts';

test('a spread is the median and the range of all rounds', () => {
  assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, min: 1, max: 3, rounds: 3 });
  assert.deepEqual(spreadOf([4, 1]), { median: 2.5, min: 1, max: 4, rounds: 2 });
  assert.deepEqual(spreadOf([]), { median: 0, min: 0, max: 0, rounds: 0 });
});

test('a percentile is the smallest value that so many of a hundred do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  assert.equal(percentileOf(hundred, 50), 50);
  assert.equal(percentileOf(hundred, 99), 99);
  assert.equal(percentileOf([7], 99), 7);
  assert.equal(percentileOf([], 99), 0);
});

test('as many rounds are at or below the median as are at or above it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 50 }), (values) => {
      const median = medianOf(values);
      const below = values.filter((value) => value <= median).length;
      const above = values.filter((value) => value >= median).length;
      assert.ok(below * 2 >= values.length && above * 2 >= values.length);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('the same thing twice is too noisy when its ratio leaves 0.9 to 1.1', () => {
  assert.equal(isTooNoisy([0.5, 0.95, 2]), false);
  assert.equal(isTooNoisy([0.5, 0.85, 2]), true);
  assert.equal(isTooNoisy([1.2, 1.15, 1]), true);
});

test('an aim is met at its bound, and not judged where the corpus is too small', () => {
  assert.equal(benchRow('a', { unit: 's', values: [60], aim: { below: 60 } }).met, true);
  assert.equal(benchRow('a', { unit: 's', values: [60.1], aim: { below: 60 } }).met, false);
  assert.equal(benchRow('a', { unit: '×', values: [0.5], aim: { above: 0.5 } }).met, true);
  assert.equal(
    benchRow('a', { unit: 's', values: [1], aim: { below: 60 }, comparable: false }).met,
    undefined,
  );
});

test('the table says median, range, cost, aim and note of each row', () => {
  const row = benchRow('appends', {
    unit: '/s',
    values: [51_000, 50_000, 61_000],
    cpuSeconds: [1.25],
    aim: { above: 50_000 },
    note: 'TOO NOISY',
  });
  assert.match(
    toMarkdown([row]),
    /\| appends \| 51,000 \[50,000–61,000\] \/s \| 3 \| 1\.3 \| {2}\| ≥ 50,000 \| yes \| TOO NOISY \|$/,
  );
});
