import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';

/** Cheap tiers first, so that a broken rule is seen before a slow engine starts. */
const tiers = ['architecture', 'unit', 'contract', 'scenario', 'crash', 'browser'];
const fileTimeoutMs = 240_000;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface TestData {
  readonly name: string;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly details?: { readonly type?: string; readonly error?: Error & { cause?: unknown } };
}

/** What a reader of a long log looks for: failures with their cause, and what was skipped and why. */
const printNotable = (type: string, { name, file, skip, details }: TestData): void => {
  if (type === 'test:fail' && details?.type !== 'suite') {
    process.stdout.write(
      `FAILED ${name}\n  ${file}\n  ${inspect(details?.error?.cause ?? details?.error)}\n`,
    );
  }
  if (type === 'test:pass' && skip !== undefined && skip !== false)
    process.stdout.write(`skipped ${name}: ${skip}\n`);
};

const runTier = async (tier: string, pattern: string): Promise<Counts> => {
  const files = globSync(join('test', tier, '**', pattern));
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return counts;
  const startedMs = performance.now();
  // Crash tests kill and restart processes; beside each other they would only measure the machine.
  const stream = run({ files, concurrency: tier === 'crash' ? 1 : 2, timeout: fileTimeoutMs });
  stream.on('test:summary', (summary) => {
    if (summary.file !== undefined) return;
    counts.passed += summary.counts.passed;
    counts.skipped += summary.counts.skipped + summary.counts.todo;
    const failed =
      summary.counts.tests - summary.counts.passed - summary.counts.skipped - summary.counts.todo;
    counts.failed += summary.success ? failed : Math.max(failed, 1);
  });
  if (process.env.CI === undefined)
    for await (const text of stream.compose(new spec())) process.stdout.write(text);
  else for await (const { type, data } of stream) printNotable(type, data as TestData);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(
    `tier ${tier}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s\n`,
  );
  return counts;
};

const [wanted, pattern = '*.test.ts'] = process.argv.slice(2);
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
process.on('exit', () => {
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
});
for (const tier of tiers.filter((name) => wanted === undefined || wanted === name)) {
  try {
    const counts = await runTier(tier, pattern);
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
  } catch (crash) {
    total.failed += 1;
    process.stdout.write(`tier ${tier} crashed: ${String(crash)}\n`);
  }
}
