import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { type DrainRound, drainRowsOf } from '../bench/enterprise/drain-rows.ts';
import type { RunFigures } from '../bench/enterprise/run-figures.ts';
import { enterpriseQueries } from '../bench/enterprise/search-rows.ts';
import { toMarkdown } from '../bench/print-table.ts';
import { startGroupCost } from '../bench/processor-time.ts';

const run = (seconds: number, cpuSeconds = 1): RunFigures => ({ seconds, cpuSeconds, maxRssMb: 100 });

const round = (changes: Partial<DrainRound> = {}): DrainRound => ({
  archiver: run(10, 6),
  loop: run(7, 2),
  loopAgain: run(8, 2),
  bulk: run(5),
  ...changes,
});

const rowsOf = (measured: readonly DrainRound[], comparable = true) =>
  new Map(drainRowsOf(measured, { documents: 1000, comparable }).map((row) => [row.what, row]));

test('the archiver is compared with both loops of its round, in time and in processor time', () => {
  const rows = rowsOf([round(), round({ archiver: run(15, 8) }), round({ archiver: run(5, 4) })]);
  const ratio = rows.get('archiver against the loop');
  assert.deepEqual(ratio?.spread, { median: 0.75, min: 0.5, max: 1.5, rounds: 3 });
  assert.equal(ratio?.met, true);
  const processor = rows.get('CPU of the archiver against the loop');
  assert.deepEqual(processor?.spread, { median: 3, min: 2, max: 4, rounds: 3 });
  assert.equal(processor?.met, false);
});

test('a loop that does not come out as itself makes every ratio too noisy', () => {
  const rows = rowsOf([round({ loop: run(6), loopAgain: run(8) })]);
  for (const what of ['archiver against the loop', 'archiver against raw _bulk', 'loop against itself (A/A)'])
    assert.equal(rows.get(what)?.note, 'TOO NOISY: loop against loop 0.75');
});

test('without rsyslog its rows are left out; with it its weaker promises stand beside its speed', () => {
  assert.ok([...rowsOf([round()]).keys()].every((what) => !what.includes('rsyslog')));
  const rows = rowsOf([round({ rsyslog: run(4) })]);
  assert.equal(rows.get('archiver against rsyslog')?.spread.median, 0.4);
  const [, speed] = [...rows].find(([what]) => what.startsWith('rsyslog')) ?? [];
  assert.match(speed?.note ?? '', /^weaker: /);
});

test('what engines spent is told for a million items, and not where they cannot be seen', () => {
  const seen = { ...run(10, 6), kafkaCpuSeconds: 1, elasticsearchCpuSeconds: 3 };
  const rows = rowsOf([round({ archiver: seen })]);
  const what = 'CPU-seconds for a million items, ';
  assert.equal(rows.get(`${what}archiver`)?.note, 'Kafka 1000 s, Elasticsearch 3000 s');
  assert.equal(rows.get(`${what}archiver`)?.spread.median, 6000);
  assert.equal(rows.get(`${what}loop`)?.note, 'Kafka not seen, Elasticsearch not seen');
});

test('a small corpus judges no aim', () => {
  const rows = rowsOf([round()], false);
  assert.equal(rows.get('archiver against the loop')?.met, undefined);
});

test('the table names the edition of each row', () => {
  const [row] = drainRowsOf([round()], { documents: 1000, comparable: true });
  assert.ok(row);
  assert.match(toMarkdown([{ edition: 'Enterprise', ...row }]), /^\| Enterprise \| archiver, log to index/m);
});

test('a group of processes that is not known has no processor time', () => {
  assert.equal(startGroupCost(undefined)(), undefined);
  const spent = startGroupCost(2 ** 22 + 1)();
  assert.ok(spent === undefined || spent === 0);
});

test('every query that is measured is understood, without a warning', () => {
  for (const query of Object.values(enterpriseQueries)) {
    const parsed = parseQuery(query, { now: new Date('2026-01-01T00:00:00.000Z'), timeZone: 'UTC' });
    assert.ok(parsed.ok, query);
    assert.deepEqual(parsed.parsed.warnings, [], query);
  }
});
