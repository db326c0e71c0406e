import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from 'node:test';
import { readAttempt } from '../support/read-attempt.ts';
import { notAttempted, type ScoreboardRow } from './scoreboard-report.ts';

const root = join(import.meta.dirname, '../..');
const needsEngines = /kafka|elasticsearch|enterprise/;

/** The tests that kill processes and engines, by file: what they say they attempted, every one that failed or was skipped. */
export async function* crashTierRows(
  signal: AbortSignal,
  say: (line: string) => void,
): AsyncGenerator<ScoreboardRow> {
  for (const file of globSync('test/crash/*.test.ts', { cwd: root }).toSorted()) {
    if (signal.aborted) return;
    say(file);
    const events = run({ files: [join(root, file)], signal, timeout: 900_000, execArgv: [] });
    yield* await crashRowsOf(basename(file, '.test.ts'), events as AsyncIterable<TestEvent>);
  }
}

/** Of the runner's events, what is read here. */
export interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly message?: string;
    readonly skip?: string | boolean;
    readonly details?: { readonly type?: string };
  };
}

/** A row for what ran, and one for what this machine lacks something for. */
export const crashRowsOf = async (
  name: string,
  events: AsyncIterable<TestEvent> | Iterable<TestEvent>,
): Promise<ScoreboardRow[]> => {
  const startedMs = performance.now();
  const violations: string[] = [];
  const skipped: string[] = [];
  let [attempted, violated, tests] = [0, 0, 0];
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.message !== undefined) {
      const told = readAttempt(data.message);
      attempted += told?.attempted ?? 0;
      violated += told?.violated ?? 0;
      if (told !== undefined && told.violated > 0) violations.push(data.message);
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isSkipped = data.skip !== undefined && data.skip !== false;
    // Of a suite that was skipped, no test is told of.
    if (isSkipped) skipped.push(`${data.name}: ${data.skip}`);
    if (isSkipped || data.details?.type === 'suite') continue;
    tests += 1;
    if (type === 'test:fail') violations.push(`failed: ${data.name}`);
  }
  const row = {
    campaign: `crash: ${name}`,
    edition: needsEngines.test(name) ? 'enterprise' : 'standard',
    invariants: '1, 2',
    unit: attempted === 0 ? 'tests' : 'attempts',
  };
  const ran: ScoreboardRow = {
    ...row,
    attempted: attempted === 0 ? tests : attempted,
    violated: Math.max(violated, violations.length),
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
    violations,
  };
  const notRun = notAttempted({ ...row, unit: 'tests' }, skipped);
  return [...(tests === 0 && skipped.length > 0 ? [] : [ran]), ...(skipped.length === 0 ? [] : [notRun])];
};
