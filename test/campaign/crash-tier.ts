import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from 'node:test';
import { readAttempt } from '../support/read-attempt.ts';
import type { ScoreboardRow } from './scoreboard-report.ts';

const root = join(import.meta.dirname, '../..');
const needsEngines = /kafka|elasticsearch|enterprise/;

/** The tests that kill processes and engines, a row for each file: what they say they attempted, and every one that failed. */
export async function* crashTierRows(
  signal: AbortSignal,
  say: (line: string) => void,
): AsyncGenerator<ScoreboardRow> {
  for (const file of globSync('test/crash/*.test.ts', { cwd: root }).toSorted()) {
    if (signal.aborted) return;
    say(file);
    const row = await rowOf(join(root, file), signal);
    if (row !== undefined) yield row;
  }
}

/** Undefined where the machine lacks what all of its tests need. */
const rowOf = async (file: string, signal: AbortSignal): Promise<ScoreboardRow | undefined> => {
  const startedMs = performance.now();
  const violations: string[] = [];
  let [attempted, violated, tests, skipped] = [0, 0, 0, 0];
  const stream = run({ files: [file], signal, timeout: 900_000, execArgv: [] });
  for await (const { type, data } of stream) {
    if (type === 'test:diagnostic') {
      const told = readAttempt(data.message);
      attempted += told?.attempted ?? 0;
      violated += told?.violated ?? 0;
      if (told !== undefined && told.violated > 0) violations.push(data.message);
    }
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details.type === 'suite') continue;
    tests += 1;
    if (data.skip !== undefined) skipped += 1;
    if (type === 'test:fail') violations.push(`failed: ${data.name}`);
  }
  if (tests === skipped && violations.length === 0) return undefined;
  const name = basename(file, '.test.ts');
  return {
    campaign: `crash: ${name}`,
    edition: needsEngines.test(name) ? 'enterprise' : 'standard',
    invariants: '1, 2',
    unit: attempted === 0 ? 'tests' : 'attempts',
    attempted: attempted === 0 ? tests : attempted,
    violated: Math.max(violated, violations.length),
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
    violations,
  };
};
