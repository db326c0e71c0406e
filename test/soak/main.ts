import { openBenchEngines } from '../bench/enterprise/bench-engines.ts';
import { writeFigures, writeReadme } from '../support/figures.ts';
import { progressLine } from '../support/progress-line.ts';
import { tableText } from '../support/text-table.ts';
import { runSoak } from './run-soak.ts';
import { type SoakReport, violationsIn } from './soak-report.ts';
import { readSoakSettings } from './soak-settings.ts';
import { checkTable, highestSentence, latencyTable, processTable, soakHeading } from './soak-tables.ts';

const settings = readSoakSettings(process.env);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const print = (report: SoakReport): void => {
  const tables = [latencyTable, processTable, checkTable].map((table) => tableText(table(report)));
  const examples = report.checks.flatMap((check) => check.examples);
  const parts = [soakHeading(report), ...tables, highestSentence(report), examples.join('\n')];
  process.stdout.write(`${parts.filter(Boolean).join('\n\n')}\n`);
};

const progress = progressLine();
const engines = await openBenchEngines();
if (typeof engines === 'string') {
  process.stderr.write(`${engines}\n`);
  process.exitCode = 1;
} else {
  await using own = engines;
  process.env.HOLDFAST_TEST_KAFKA = own.kafka.address;
  process.env.HOLDFAST_TEST_ELASTICSEARCH = own.elasticsearch.address;
  const { say } = progress;
  const complain = (lines: readonly string[]): void => void process.stderr.write(`${lines.join('\n')}\n`);
  const report = await runSoak({ settings, engines: own, signal: stop.signal, say, complain });
  progress.end();
  print(report);
  if (stop.signal.aborted) process.stdout.write('stopped: nothing was checked or written\n');
  else {
    await writeFigures('soak', report);
    await writeReadme();
  }
  if (stop.signal.aborted || violationsIn(report) > 0) process.exitCode = 1;
}
