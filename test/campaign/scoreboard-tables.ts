import type { Table } from '../support/text-table.ts';
import type { ScoreboardReport } from './scoreboard-report.ts';

const number = (value: number): string => value.toLocaleString('en');

export const scoreboardTable = ({ rows }: Pick<ScoreboardReport, 'rows'>): Table => ({
  columns: ['Campaign', 'edition', 'attempted', 'violated', 'seed', 's', 'commit'],
  rows: rows.map(({ campaign, edition, unit, attempted, violated, seed, seconds, commit }) => [
    campaign,
    edition,
    `${number(attempted)} ${unit}`,
    number(violated),
    seed === undefined ? '' : String(seed),
    number(Math.round(seconds)),
    commit,
  ]),
});

export const scoreboardHeading = ({ machine, kafka, elasticsearch, rows }: ScoreboardReport): string =>
  `${number(sumOf(rows, 'attempted'))} attempts, ${number(sumOf(rows, 'violated'))} violated, ` +
  `in ${number(Math.round(sumOf(rows, 'seconds') / 60))} min until ${rows
    .map(({ endedAt }) => endedAt.slice(0, 10))
    .toSorted()
    .at(-1)}. ` +
  `Kafka ${kafka}, Elasticsearch ${elasticsearch}, SQLite ${machine.sqlite}, Node ${machine.node}, ${machine.kernel}, ` +
  `${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB.`;

const sumOf = (rows: ScoreboardReport['rows'], field: 'attempted' | 'violated' | 'seconds'): number =>
  rows.reduce((sum, row) => sum + row[field], 0);
