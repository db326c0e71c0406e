import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScoreboardReport } from '../campaign/scoreboard-report.ts';
import { scoreboardHeading, scoreboardTable } from '../campaign/scoreboard-tables.ts';
import type { SoakReport } from '../soak/soak-report.ts';
import { checkTable, highestSentence, latencyTable, processTable, soakHeading } from '../soak/soak-tables.ts';
import { tableMarkdown } from './text-table.ts';

const root = join(import.meta.dirname, '../..');
const readmePath = join(root, 'README.md');

/** What is kept of the last whole runs, in figures/*.json. */
export interface Figures {
  readonly scoreboard: ScoreboardReport;
  readonly soak: SoakReport;
}

const pathOf = (name: keyof Figures): string => join(root, 'figures', `${name}.json`);

export const writeFigures = async <Name extends keyof Figures>(
  name: Name,
  figures: Figures[Name],
): Promise<void> => {
  await mkdir(join(root, 'figures'), { recursive: true });
  await writeFile(pathOf(name), `${JSON.stringify(figures, undefined, 2)}\n`);
};

const read = async <Name extends keyof Figures>(name: Name): Promise<Figures[Name]> =>
  JSON.parse(await readFile(pathOf(name), 'utf8')) as Figures[Name];

export const readFigures = async (): Promise<Figures> => ({
  scoreboard: await read('scoreboard'),
  soak: await read('soak'),
});

const scoreboardText = (report: ScoreboardReport): string =>
  [scoreboardHeading(report), tableMarkdown(scoreboardTable(report))].join('\n\n');

const soakText = (report: SoakReport): string =>
  [
    soakHeading(report),
    ...[latencyTable, processTable, checkTable].map((table) => tableMarkdown(table(report))),
    highestSentence(report),
  ]
    .filter(Boolean)
    .join('\n\n');

/** A page with the figures between the comments that name them. */
export const withFigures = (page: string, figures: Figures): string =>
  placed(placed(page, 'scoreboard', scoreboardText(figures.scoreboard)), 'soak', soakText(figures.soak));

const placed = (page: string, name: keyof Figures, text: string): string => {
  const [begin, end] = [`<!-- figures/${name}.json -->`, `<!-- end of figures/${name}.json -->`];
  const [before, rest = ''] = page.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`The page has no place for figures/${name}.json.`);
  return `${before}${begin}\n${text}\n${end}${after}`;
};

export const readReadme = (): Promise<string> => readFile(readmePath, 'utf8');

export const writeReadme = async (): Promise<void> => {
  await writeFile(readmePath, withFigures(await readReadme(), await readFigures()));
};
