import { elasticsearchVersion, kafkaVersion } from '../../infra/engines/versions.ts';
import { describeMachine } from '../bench/machine.ts';
import { readFigures, writeFigures, writeReadme } from '../support/figures.ts';
import { offerEngines } from '../support/offer-engines.ts';
import { progressLine } from '../support/progress-line.ts';
import { tableText } from '../support/text-table.ts';
import { campaigns } from './campaigns.ts';
import { crashTierRows } from './crash-tier.ts';
import { runCampaign } from './run-campaign.ts';
import {
  isClean,
  type KeptRow,
  notAttempted,
  type ScoreboardReport,
  type ScoreboardRow,
  withRows,
} from './scoreboard-report.ts';
import { readScoreboardSettings, type ScoreboardSettings } from './scoreboard-settings.ts';
import { scoreboardHeading, scoreboardTable } from './scoreboard-tables.ts';

const crashTier = 'crash';
/** Far from where the tests begin: it attempts what they do not. */
const firstSeed = 1_000_001;
const names = [...new Set(campaigns.map(({ name }) => name)), crashTier];
const settings = ((): ScoreboardSettings => {
  try {
    return readScoreboardSettings(process.env, names);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(2);
  }
})();
const isWanted = (name: string): boolean => name.startsWith(settings.only ?? '');
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const progress = progressLine();
const machine = describeMachine();
const chosen = campaigns.filter(({ name }) => isWanted(name));
const takesEngines = isWanted(crashTier) || chosen.some(({ edition }) => edition === 'enterprise');
await using engines = takesEngines ? await offerEngines() : undefined;
Object.assign(process.env, engines?.env);
if (engines?.failure !== undefined) throw engines.failure;
const missing = engines?.env.HOLDFAST_TEST_ENGINES_MISSING;

const rows: KeptRow[] = [];
const add = (row: ScoreboardRow): void => {
  rows.push({ ...row, endedAt: new Date().toISOString(), commit: machine.commit });
  progress.end();
  const { campaign, attempted, unit, violated, seconds } = row;
  process.stderr.write(`${campaign}: ${attempted} ${unit} attempted, ${violated} violated in ${seconds} s\n`);
  for (const [what, found] of Object.entries(row.seen ?? {})) process.stderr.write(`  ${what}: ${found}\n`);
  for (const violation of row.violations) process.stderr.write(`  ${violation}\n`);
};

for (const campaign of chosen) {
  if (stop.signal.aborted) break;
  if (missing !== undefined && campaign.edition === 'enterprise') {
    add(notAttempted({ ...campaign, campaign: campaign.name }, [missing]));
    continue;
  }
  const count = settings.count ?? campaign.counts.scoreboard;
  const seed = settings.seed ?? firstSeed;
  const say = (line: string): void => progress.say(`${campaign.name}: ${line}`);
  say(`${count} ${campaign.unit}, seed ${seed}`);
  const row = await runCampaign(campaign, { seed, count, signal: stop.signal, say });
  if (!stop.signal.aborted) add(row);
}
if (isWanted(crashTier) && !stop.signal.aborted)
  for await (const row of crashTierRows(stop.signal, progress.say)) add(row);
progress.end();

const report: ScoreboardReport = {
  machine,
  kafka: kafkaVersion,
  elasticsearch: elasticsearchVersion,
  rows,
};
process.stdout.write(`${scoreboardHeading(report)}\n\n${tableText(scoreboardTable(report))}\n`);
// A smaller count proves less than what is kept.
if (settings.count === undefined && !stop.signal.aborted) {
  const { scoreboard } = await readFigures();
  await writeFigures('scoreboard', { ...report, rows: withRows(scoreboard.rows, rows, names) });
  await writeReadme();
}
if (!isClean(report) || stop.signal.aborted) process.exitCode = 1;
