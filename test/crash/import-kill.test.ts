import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import type { Archive } from '../../services/search-api/archive.ts';
import { needsEngines } from '../support/engines.ts';
import { makeEnterprise } from '../support/enterprise-installation.ts';
import { edited, sent } from '../support/event-builder.ts';
import { openEdition } from '../support/open-edition.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const kills = 5;
const caller = { actor: { id: 'tester' }, purpose: 'crash test' };

/** Every tenth event edits the one before it, so that items with several facts are cut in two as well. */
const eventLines = (events: number): string => {
  const lines = Array.from({ length: events }, (_, n) => {
    const place = { conversation: `c${(n - (n % 10 === 9 ? 1 : 0)) % 37}`, id: `e${n}` };
    return JSON.stringify(
      n % 10 === 9
        ? edited({ ...place, item: `e${n - 1}`, body: `edited word${n - 1}` })
        : sent({ ...place, body: `word${n} common` }),
    );
  });
  return `${lines.join('\n')}\n`;
};

/** Kills the import as soon as it says that it has read that many lines. True if it was done before. */
const importUntil = async (installation: string, file: string, lines: number): Promise<boolean> => {
  const script = join(import.meta.dirname, 'import-until-killed.ts');
  const child = spawn(process.execPath, [script, installation, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let done = false;
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('done')) done = true;
    else if (Number(line) >= lines) child.kill('SIGKILL');
  }
  await exited;
  return done;
};

const assertWhole = async (archive: Archive): Promise<number> => {
  const { totals, partitions } = await archive.coverage(caller);
  assert.equal(totals.pending, 0, 'every event of the log is accounted for');
  for (const { logged, accounted, outcomes } of partitions) {
    assert.equal(accounted, logged, 'ranges are dense');
    assert.equal(
      Object.values(outcomes).reduce((sum, count) => sum + count, 0),
      accounted,
      'exactly one outcome an offset',
    );
  }
  for await (const step of archive.verify(caller)) {
    if (step.kind === 'report') assert.deepEqual(step.report.differences, [], 'the ledger verifies');
  }
  return totals.items;
};

const describeKills = (
  edition: string,
  { events, skip = false }: { readonly events: number; readonly skip?: string | false },
  make: () => Promise<{ readonly path: string } & AsyncDisposable>,
): void => {
  const name = `${edition}: an import of ${events} events that is killed ${kills} times archives each exactly once`;
  test(name, { skip }, async (t) => {
    await using folder = await temporaryFolder();
    await using installation = await make();
    const file = join(folder.path, 'events.jsonl');
    await writeFile(file, eventLines(events));
    for (let run = 0; run < kills; run += 1) {
      // Further each time: what was archived before is passed over, and the kill hits what is new.
      const lines = Math.floor((events * (run + randomInt(1, 100) / 100)) / kills);
      t.diagnostic(`run ${run}: killed after ${lines} lines were read`);
      await importUntil(installation.path, file, lines);
      await using opened = await openEdition(installation.path);
      await opened.settled();
      await assertWhole(opened.archive);
    }
    assert.equal(await importUntil(installation.path, file, Number.POSITIVE_INFINITY), true);
    await using opened = await openEdition(installation.path);
    await opened.settled();
    const items = await assertWhole(opened.archive);
    assert.equal(items, (events / 10) * 9, 'every item once');
    const { total } = await opened.archive.search(caller, { query: 'edited:true', limit: 0, sort: 'sent' });
    assert.equal(total, events / 10, 'every edit is in its item');
  });
};

// At once: one computes while the other waits.
describe('imports that are killed', { concurrency: true }, () => {
  describeKills('Standard', { events: 20_000 }, async () => {
    const folder = await temporaryFolder();
    return { path: join(folder.path, 'data'), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  });
  // Fewer: after each kill the group waits for the killed member before others get its partitions.
  describeKills('Enterprise', { events: 8000, skip: needsEngines }, makeEnterprise);
});
