import { numberText as number } from '../support/number-text.ts';
import type { Aim, BenchRow } from './bench-row.ts';

const columns = [
  'edition',
  'what',
  'median [min–max]',
  'rounds',
  'CPU-s',
  'wall s',
  'aim',
  'met',
  'note',
] as const;

const cellsOf = ({
  edition,
  what,
  unit,
  spread,
  cpuSeconds,
  wallSeconds,
  aim,
  met,
  note,
}: BenchRow): string[] => [
  edition ?? '',
  what,
  `${number(spread.median)} [${number(spread.min)}–${number(spread.max)}] ${unit}`,
  String(spread.rounds),
  cpuSeconds === undefined ? '' : number(cpuSeconds),
  wallSeconds === undefined ? '' : number(wallSeconds),
  aim === undefined ? '' : boundOf(aim),
  met === undefined ? '' : met ? 'yes' : 'no',
  note ?? '',
];

const boundOf = (aim: Aim): string => ('below' in aim ? `≤ ${number(aim.below)}` : `≥ ${number(aim.above)}`);

/** For a terminal. */
export const toText = (rows: readonly BenchRow[]): string => {
  const cells = [[...columns], ...rows.map(cellsOf)];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export const toMarkdown = (rows: readonly BenchRow[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(cellsOf(row)))].join('\n');
};
