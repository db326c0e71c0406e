import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { BenchContext } from './bench-context.ts';
import type { BenchRow } from './bench-row.ts';
import { openCorpus } from './corpus.ts';
import { enterpriseRows } from './enterprise/enterprise-rows.ts';
import { describeMachine } from './machine.ts';
import { toMarkdown, toText } from './print-table.ts';
import { standardRows } from './standard-rows.ts';

/** `standard` or `enterprise`; both without a word. */
const [wanted] = process.argv.slice(2);
if (wanted !== undefined && wanted !== 'standard' && wanted !== 'enterprise')
  throw new Error(`Expected standard, enterprise or nothing, not ${wanted}.`);
const results = join(import.meta.dirname, '../../test-results');
const stop = new AbortController();
process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
const startedAt = new Date();
const startedMs = performance.now();
const say = (progress: string): void => {
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const load = loadavg()[0]?.toFixed(1);
  process.stderr.write(`${String(seconds).padStart(4)} s  load ${load}  ${progress}\n`);
};

await using folder = await temporaryFolder();
const corpus = openCorpus(folder.path);
const context: BenchContext = { corpus, folder: folder.path, signal: stop.signal, say };
const load = [loadavg()[0]];
const standard = wanted === 'enterprise' ? [] : await standardRows(context);
load.push(loadavg()[0]);
const enterprise = wanted === 'standard' ? { rows: [], engines: '' } : await enterpriseRows(context);
load.push(loadavg()[0]);
const rows: BenchRow[] = [
  ...standard.map((row) => ({ edition: 'Standard', ...row }) as const),
  ...enterprise.rows.map((row) => ({ edition: 'Enterprise', ...row }) as const),
];
const machine = describeMachine();
const seconds = (performance.now() - startedMs) / 1000;
const heading =
  `Corpus: ${corpus.name}. Node ${machine.node}, SQLite ${machine.sqlite}, ${machine.kernel}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, commit ${machine.commit}; load before, between and after the editions ${load.map((one) => one?.toFixed(1)).join(', ')}. ${enterprise.engines}`.trim();
mkdirSync(results, { recursive: true });
const report = { startedAt, seconds, corpus: corpus.name, machine, engines: enterprise.engines, load, rows };
writeFileSync(join(results, 'bench.json'), `${JSON.stringify(report, undefined, 2)}\n`);
writeFileSync(join(results, 'bench.md'), `${heading}\n\n${toMarkdown(rows)}\n`);
process.stdout.write(`${heading}\n\n${toText(rows)}\n`);
