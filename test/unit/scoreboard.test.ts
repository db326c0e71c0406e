import assert from 'node:assert/strict';
import { test } from 'node:test';
import { campaigns } from '../campaign/campaigns.ts';
import { crashRowsOf } from '../campaign/crash-tier.ts';
import { runCampaign } from '../campaign/run-campaign.ts';
import { isClean, type KeptRow, withRows } from '../campaign/scoreboard-report.ts';
import { readScoreboardSettings } from '../campaign/scoreboard-settings.ts';
import { scoreboardTable } from '../campaign/scoreboard-tables.ts';
import { tableMarkdown } from '../support/text-table.ts';

const row: KeptRow = {
  campaign: 'kills',
  edition: 'standard',
  invariants: '1',
  unit: 'kills',
  attempted: 1400,
  violated: 0,
  seed: 1,
  seconds: 61.4,
  violations: [],
  endedAt: '2026-01-01T00:00:00.000Z',
  commit: 'abc',
};

test('a campaign that is run alone takes the place of its older rows, and of no others', () => {
  const named = (campaign: string, commit: string, edition = 'standard') => ({
    ...row,
    campaign,
    commit,
    edition,
  });
  const kept = [
    named('kills', 'old'),
    named('kills', 'old', 'enterprise'),
    named('fuzz', 'old'),
    named('gone', 'old'),
    named('crash: import', 'old'),
  ];
  const names = ['fuzz', 'kills', 'crash'];
  const found = withRows(kept, [named('kills', 'new'), named('crash: import', 'new')], names);
  assert.deepEqual(
    found.map(({ campaign, commit }) => `${campaign} ${commit}`),
    ['fuzz old', 'kills new', 'crash: import new'],
  );
});

test('a campaign whose process ends without a result is one violation, which says why and with which seed', async () => {
  const unknown = {
    name: 'nobody wrote it',
    edition: 'both',
    unit: 'seeds',
    invariants: '',
    counts: { test: 1, scoreboard: 1 },
    run: () => Promise.reject(new Error('not in this process')),
  } as const;
  const signal = new AbortController().signal;
  const result = await runCampaign(unknown, { seed: 42, count: 3, signal, say: () => undefined });
  assert.equal(result.attempted, 0);
  assert.match(result.violations[0] ?? '', /seed 42 crashed: .*no campaign nobody wrote it/s);
  assert.equal(result.violated, 1);
});

test('a scoreboard is clean when all was attempted and nothing violated', () => {
  assert.equal(isClean({ rows: [row, row] }), true);
  assert.equal(isClean({ rows: [row, { ...row, violated: 1 }] }), false);
  assert.equal(isClean({ rows: [row, { ...row, attempted: 0 }] }), false);
});

test('a crash test or a suite of them that was skipped is a row, not attempted, with its reason', async () => {
  const passed = { type: 'test:pass', data: { name: 'runs', details: { type: 'test' } } };
  const skippedTest = { type: 'test:pass', data: { name: 'kills', skip: 'no strace' } };
  const skippedSuite = {
    type: 'test:pass',
    data: { name: 'a broker', skip: 'no Kafka', details: { type: 'suite' } },
  };
  const told = async (...events: (typeof passed | typeof skippedTest)[]) =>
    (await crashRowsOf('kafka', events)).map(({ attempted, violations }) => [attempted, violations]);
  assert.deepEqual(await told(passed), [[1, []]]);
  assert.deepEqual(await told(skippedSuite), [[0, ['a broker: no Kafka']]]);
  assert.deepEqual(await told(passed, skippedTest, skippedSuite), [
    [1, []],
    [0, ['kills: no strace', 'a broker: no Kafka']],
  ]);
  assert.equal(isClean({ rows: await crashRowsOf('kafka', [passed, skippedTest]) }), false);
});

test('seed, count and the beginning of a name are taken, anything else refused', () => {
  const read = (environment: Record<string, string>) =>
    readScoreboardSettings(environment, ['fuzz', 'crash']);
  assert.deepEqual(read({}), {});
  assert.deepEqual(read({ ONLY: 'fu', SEED: '7', COUNT: '100' }), { only: 'fu', seed: 7, count: 100 });
  assert.throws(() => read({ ONLY: 'soak' }), /fuzz, crash/);
  assert.throws(() => read({ SEED: '1.5' }), /SEED/);
  assert.throws(() => read({ COUNT: '0' }), /COUNT/);
});

test('a row of the table says campaign, edition, attempts in their unit, violations, seed, seconds and commit', () => {
  assert.match(
    tableMarkdown(scoreboardTable({ rows: [row] })),
    /\n\| kills \| standard \| 1,400 kills \| 0 \| 1 \| 61 \| abc \|$/,
  );
});

test('no two campaigns of an edition share a name, and the scoreboard attempts no less than the tests', () => {
  const names = campaigns.map(({ name, edition }) => `${name} ${edition}`);
  assert.equal(new Set(names).size, names.length);
  for (const { name, counts } of campaigns) assert.ok(counts.scoreboard >= counts.test, name);
});
