import type { Table } from '../support/text-table.ts';
import type { ScoreboardReport } from './scoreboard-report.ts';

const number = (value: number): string => value.toLocaleString('en');

export const scoreboardTable = ({ rows }: Pick<ScoreboardReport, 'rows'>): Table => ({
  columns: ['Campaign', 'edition', 'attempted', 'violated', 'seed', 's'],
  rows: rows.map(({ campaign, edition, unit, attempted, violated, seed, seconds }) => [
    campaign,
    edition,
    `${number(attempted)} ${unit}`,
    number(violated),
    seed === undefined ? '' : String(seed),
    number(Math.round(seconds)),
  ]),
});

export const scoreboardHeading = ({ machine, kafka, elasticsearch, ...rest }: ScoreboardReport): string =>
  `${number(rest.rows.reduce((sum, { attempted }) => sum + attempted, 0))} attempts, ` +
  `${number(rest.rows.reduce((sum, { violated }) => sum + violated, 0))} violated. ` +
  `Kafka ${kafka}, Elasticsearch ${elasticsearch}, SQLite ${machine.sqlite}, Node ${machine.node}, ${machine.kernel}, ` +
  `${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB; commit ${machine.commit}, ` +
  `${rest.startedAt.slice(0, 10)}, ${number(Math.round(rest.seconds / 60))} min.`;
