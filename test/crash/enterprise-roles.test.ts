import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Archive } from '../../services/search-api/archive.ts';
import { needsEngines } from '../support/engines.ts';
import { makeEnterprise } from '../support/enterprise-installation.ts';
import { importSample } from '../support/import-sample.ts';
import { startRoles } from '../support/role-process.ts';
import { until } from '../support/until.ts';

const caller = { actor: { id: 'tester' }, purpose: 'crash test' };

const accountedFor = async (archive: Archive): Promise<number> =>
  (await archive.coverage(caller)).totals.accounted;

const differencesOf = async (archive: Archive): Promise<readonly unknown[]> => {
  for await (const step of archive.verify(caller)) if (step.kind === 'report') return step.report.differences;
  throw new Error('no report');
};

test('S3 S63: two archivers and two search APIs archive #ubuntu while an archiver is paused, another killed and replaced', {
  skip: needsEngines,
}, async (t) => {
  await using installation = await makeEnterprise({ partitions: 4 });
  await using first = await startRoles(installation, 'search-api', 'signer');
  await using second = await startRoles(installation, 'search-api');
  await using killed = await startRoles(installation, 'archiver');
  await using paused = await startRoles(installation, 'archiver');
  const imported = Promise.all([
    importSample(first.archive, '200'),
    importSample(second.archive, 'conversations'),
  ]);
  await until(async () => (await accountedFor(first.archive)) > 500);
  // Longer than a member may be silent: its partitions go to others, and it finds that out when it goes on.
  paused.process.kill('SIGSTOP');
  await until(async () => (await accountedFor(second.archive)) > 2000);
  await killed.kill();
  await using replacement = await startRoles(installation, 'archiver');
  await until(async () => (await accountedFor(first.archive)) > 3000);
  paused.process.kill('SIGCONT');
  const [irc, other] = await imported;
  const events = irc.archived + other.archived;
  t.diagnostic(`attempted ${events} events, archived ${await accountedFor(first.archive)}`);
  for (const { archive } of [first, second]) {
    // Each reads the ledger for itself.
    await until(async () => (await accountedFor(archive)) >= events);
    const { totals, partitions } = await archive.coverage(caller);
    assert.equal(totals.pending, 0);
    assert.equal(totals.accounted, events, 'nothing is missing and nothing was logged twice');
    assert.equal(totals.outcomes.archived, events);
    for (const { logged, accounted } of partitions) assert.equal(accounted, logged);
  }
  assert.deepEqual(await differencesOf(second.archive), []);
  const ask = async ({ archive }: { archive: Archive }) => {
    const { total, hits } = await archive.search(caller, { query: 'mplayer', limit: 50, sort: 'sent' });
    return { total, ids: hits.map(({ item }) => item.id) };
  };
  const answer = await ask(first);
  assert.ok(answer.total > 0);
  assert.deepEqual(await ask(second), answer);
  await assert.rejects(replacement.archive.coverage(caller), { code: 'NotFound' });
});
