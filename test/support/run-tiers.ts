import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';
import { compileCache } from './compile-cache.ts';
import { longestFirst } from './longest-first.ts';
import { type OfferedEngines, offerEngines } from './offer-engines.ts';
import { readAttempt } from './read-attempt.ts';

/** Cheap tiers first, so that a broken rule is seen before a slow engine starts. */
const tiers = ['architecture', 'unit', 'contract', 'scenario', 'crash', 'campaign', 'browser'];
const tiersWithEngines = new Set(['contract', 'scenario', 'crash', 'campaign']);
const fileTimeoutMs = 900_000;
/** Where tests wait for engines as much as they compute; two elsewhere, a processor each. */
const filesAtOnce: Readonly<Record<string, number>> = { contract: 4, scenario: 3, crash: 3 };

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface TestData {
  readonly name: string;
  readonly message?: string;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly details?: { readonly type?: string; readonly error?: Error & { cause?: unknown } };
}

/** What a reader of a long log looks for: failures with their cause, what was skipped and why, what campaigns came to. */
const printNotable = (type: string, { name, message, file, skip, details }: TestData): void => {
  if (type === 'test:diagnostic' && message !== undefined && readAttempt(message) !== undefined)
    process.stdout.write(`${message}\n`);
  if (type === 'test:fail' && details?.type !== 'suite') {
    process.stdout.write(
      `FAILED ${name}\n  ${file}\n  ${inspect(details?.error?.cause ?? details?.error)}\n`,
    );
  }
  if (type === 'test:pass' && skip !== undefined && skip !== false)
    process.stdout.write(`skipped ${name}: ${skip}\n`);
};

const filesOf = (tier: string, pattern: string): string[] =>
  longestFirst(globSync(join('test', tier, '**', pattern)));

const runTier = async (tier: string, files: string[], signal: AbortSignal): Promise<Counts> => {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const startedMs = performance.now();
  const concurrency = filesAtOnce[tier] ?? 2;
  const execArgv = ['--import', import.meta.resolve('./end-late-file.ts')];
  const stream = run({ files, concurrency, timeout: fileTimeoutMs, signal, execArgv });
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

// Hundreds of short processes load the same modules.
process.env.NODE_COMPILE_CACHE ??= compileCache;

const [wanted, pattern = '*.test.ts'] = process.argv.slice(2);
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
process.on('exit', (code) => {
  if (code !== 0) total.failed = Math.max(total.failed, 1);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
});

const fail = (what: string): void => {
  total.failed += 1;
  process.stdout.write(`${what}\n`);
};

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    fail(`stopped by ${name}`);
    interrupted.abort();
  });

const chosen = tiers
  .filter((name) => wanted === undefined || wanted === name)
  .map((tier) => ({ tier, files: filesOf(tier, pattern) }))
  .filter(({ files }) => files.length > 0);

/** Begun at once, so that they start while the tiers without them run. */
const offered = chosen.some(({ tier }) => tiersWithEngines.has(tier)) ? offerEngines() : undefined;

let isOffered = false;
const tellTests = async (engines: Promise<OfferedEngines>): Promise<void> => {
  if (isOffered) return;
  isOffered = true;
  const { env, failure } = await engines;
  Object.assign(process.env, env);
  if (failure !== undefined) fail(`FAILED to start the engines\n${inspect(failure)}`);
  else if (env.HOLDFAST_TEST_ENGINES_MISSING) process.stdout.write(`${env.HOLDFAST_TEST_ENGINES_MISSING}\n`);
};

for (const { tier, files } of chosen) {
  if (interrupted.signal.aborted) break;
  try {
    if (offered !== undefined && tiersWithEngines.has(tier)) await tellTests(offered);
    const counts = await runTier(tier, files, interrupted.signal);
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
  } catch (crash) {
    fail(`tier ${tier} crashed: ${String(crash)}`);
  }
}
// Engines die with this process; an impatient end does not wait until they have started.
if (interrupted.signal.aborted) process.exit();
await (await offered)?.[Symbol.asyncDispose]();
