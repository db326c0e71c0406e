import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext } from './bench-context.ts';
import { type BenchRow, benchRow } from './bench-row.ts';
import { benchImport, type ImportFigures } from './import.ts';
import { medianOf } from './statistics.ts';

const rounds = 2;

export interface ImportBench {
  readonly rows: readonly BenchRow[];
  /** The data folder of the last import of everything. */
  readonly data: string;
}

/** Everything and a tenth of it, in turn; of everything, the last data folder is kept to be searched. */
export const importRows = async (context: BenchContext): Promise<ImportBench> => {
  const { files } = context.corpus;
  const tenth = files.filter((_, at) => at % 10 === 0);
  const data = join(context.folder, 'archive');
  const whole: ImportFigures[] = [];
  const part: ImportFigures[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    context.say(`import, round ${round} of ${rounds}`);
    part.push(await importOnce(context, tenth, join(context.folder, 'tenth')));
    whole.push(await importOnce(context, files, data));
  }
  return { rows: rowsOf(whole, part, context.corpus.isWhole), data };
};

const importOnce = async (
  { signal }: BenchContext,
  files: readonly string[],
  data: string,
): Promise<ImportFigures> => {
  await rm(data, { recursive: true, force: true });
  return benchImport(files, { data, signal });
};

const rowsOf = (
  whole: readonly ImportFigures[],
  part: readonly ImportFigures[],
  comparable: boolean,
): BenchRow[] => {
  const each = (pick: (figures: ImportFigures) => number) => whole.map(pick);
  const cost = { cpuSeconds: each((one) => one.cpuSeconds), wallSeconds: each((one) => one.seconds) };
  const partRss = medianOf(part.map((one) => one.maxRssMb));
  const lines = whole[0]?.lines ?? 0;
  return [
    benchRow(`import of ${lines} lines`, {
      unit: 's',
      values: cost.wallSeconds,
      ...cost,
      aim: { below: 60 },
      comparable,
    }),
    benchRow('import, lines each second', {
      unit: '/s',
      values: each((one) => one.lines / one.seconds),
      ...cost,
    }),
    benchRow('import, most memory resident', {
      unit: 'MB',
      values: each((one) => one.maxRssMb),
      aim: { below: 400 },
      comparable,
    }),
    benchRow('import, memory against a tenth of the input', {
      unit: '×',
      values: each((one) => one.maxRssMb / partRss),
      aim: { below: 1.1 },
      comparable,
      note: `a tenth: ${partRss.toFixed(0)} MB for ${part[0]?.lines ?? 0} lines`,
    }),
    ...loopRows(whole),
    ...(['log', 'ledger', 'index'] as const).map((name) =>
      benchRow(`bytes of each item in the ${name}`, {
        unit: 'B',
        values: each((one) => one.bytesPerItem[name]),
      }),
    ),
  ];
};

const loopRows = (whole: readonly ImportFigures[]): BenchRow[] => {
  const loop = whole.map((one) => one.loop);
  const limit = { unit: 'ms', aim: { below: 5 } } as const;
  return [
    benchRow('import, serving thread held by its own work, p99', {
      ...limit,
      values: loop.map(({ heldP99Ms }) => heldP99Ms),
    }),
    benchRow('import, serving thread held by its own work, longest', {
      ...limit,
      values: loop.map(({ heldMaxMs }) => heldMaxMs),
    }),
    benchRow('import, serving thread late by the clock, p99', {
      ...limit,
      values: loop.map(({ waitedP99Ms }) => waitedP99Ms),
      note: 'also while other threads and processes had the cores',
    }),
    benchRow('import, serving thread late by the clock, longest', {
      ...limit,
      values: loop.map(({ waitedMaxMs }) => waitedMaxMs),
    }),
  ];
};
