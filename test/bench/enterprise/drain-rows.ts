import type { BenchContext } from '../bench-context.ts';
import { type BenchRow, benchRow } from '../bench-row.ts';
import { isTooNoisy, medianOf } from '../statistics.ts';
import type { DrainStand } from './drain-stand.ts';
import { findRsyslog } from './rsyslog.ts';
import type { RunFigures } from './run-figures.ts';

const rounds = 6;

export interface DrainRound {
  readonly archiver: RunFigures;
  readonly loop: RunFigures;
  /** The same beside it, for the A/A check. */
  readonly loopAgain: RunFigures;
  readonly bulk: RunFigures;
  readonly rsyslog?: RunFigures;
}

/** Beside each speed: what it is the speed of. All write with `create` or `index`, translog synced for each request. */
const promises = {
  archiver:
    'validated, hashed, analysed; ids of its own, duplicates found; order kept; each batch put, then its ledger range read back, before the next',
  loop: 'documents made before; given ids; order kept; at least once; offset committed after each request; nothing checked or accounted for',
  bulk: 'documents in memory; given ids; no order, no offsets',
  rsyslog:
    'weaker: ids made by the engine, so a repetition is a second document; no order; offsets committed by time, so a crash loses or repeats; nothing checked',
} as const;

/**
 * The archiver with everything on against what only copies the documents it makes. Every second round runs in the
 * opposite order, so that a drift of the machine falls on all.
 */
export const enterpriseDrainRows = async (
  stand: DrainStand,
  { signal, say, corpus }: BenchContext,
): Promise<BenchRow[]> => {
  const found = await findRsyslog();
  if ('missing' in found) say(`Enterprise: without rsyslog: ${found.missing}`);
  const subjects = {
    archiver: () => stand.archiver(),
    loop: () => stand.loop(),
    loopAgain: () => stand.loop(),
    bulk: () => stand.bulk(),
    ...('folder' in found ? { rsyslog: () => stand.rsyslog(found.folder) } : {}),
  };
  const runAll = async (isForward: boolean): Promise<DrainRound> => {
    const ran = new Map<string, RunFigures>();
    const order = Object.entries(subjects);
    for (const [name, run] of isForward ? order : order.reverse()) {
      signal.throwIfAborted();
      ran.set(name, await run());
    }
    return Object.fromEntries(ran) as unknown as DrainRound;
  };
  say('Enterprise: drains, warming up');
  await runAll(true);
  const measured: DrainRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`Enterprise: drains, round ${round} of ${rounds}`);
    measured.push(await runAll(round % 2 === 0));
  }
  return drainRowsOf(measured, { documents: stand.documents, comparable: corpus.isWhole });
};

interface RowsOptions {
  readonly documents: number;
  readonly comparable: boolean;
}

export const drainRowsOf = (measured: readonly DrainRound[], options: RowsOptions): BenchRow[] => {
  const { documents, comparable } = options;
  const rsyslog = measured.flatMap((round) => round.rsyslog ?? []);
  const archiver = measured.map((round) => round.archiver);
  const loops = measured.flatMap(({ loop, loopAgain }) => [loop, loopAgain]);
  const bulk = measured.map((round) => round.bulk);
  const sameTwice = measured.map(({ loop, loopAgain }) => loop.seconds / loopAgain.seconds);
  const noisy = isTooNoisy(sameTwice)
    ? { note: `TOO NOISY: loop against loop ${medianOf(sameTwice).toFixed(2)}` }
    : {};
  const against = (pick: (round: DrainRound) => number) => ({
    unit: '×',
    values: measured.map((round) => pick(round) / round.archiver.seconds),
    ...noisy,
  });
  return [
    speedRow('archiver, log to index and ledger', { documents, runs: archiver, note: promises.archiver }),
    speedRow('25-line loop, topic to index', { documents, runs: loops, note: promises.loop }),
    speedRow('raw _bulk of the same documents', { documents, runs: bulk, note: promises.bulk }),
    ...(rsyslog.length === 0
      ? []
      : [
          speedRow('rsyslog, imkafka to omelasticsearch', {
            documents,
            runs: rsyslog,
            note: promises.rsyslog,
          }),
        ]),
    benchRow('archiver against the loop', { ...against(loopSeconds), aim: { above: 0.75 }, comparable }),
    benchRow(
      'archiver against raw _bulk',
      against((round) => round.bulk.seconds),
    ),
    ...(rsyslog.length === 0
      ? []
      : [
          benchRow(
            'archiver against rsyslog',
            against((round) => round.rsyslog?.seconds ?? 0),
          ),
        ]),
    benchRow('loop against itself (A/A)', { unit: '×', values: sameTwice, ...noisy }),
    ...processorRows(measured, options),
  ];
};

const loopSeconds = ({ loop, loopAgain }: DrainRound): number => (loop.seconds + loopAgain.seconds) / 2;

const speedRow = (
  what: string,
  {
    documents,
    runs,
    note,
  }: { readonly documents: number; readonly runs: readonly RunFigures[]; readonly note: string },
): BenchRow =>
  benchRow(`${what}, ${documents.toLocaleString('en')} items`, {
    unit: '/s',
    values: runs.map(({ seconds }) => documents / seconds),
    cpuSeconds: runs.map(({ cpuSeconds }) => cpuSeconds),
    wallSeconds: runs.map(({ seconds }) => seconds),
    note,
  });

/** Of the process itself, and of the engines that worked for it meanwhile. */
const processorRows = (
  measured: readonly DrainRound[],
  { documents, comparable }: RowsOptions,
): BenchRow[] => {
  const perMillion = (what: string, runs: readonly RunFigures[]): BenchRow =>
    benchRow(`CPU-seconds for a million items, ${what}`, {
      unit: 's',
      values: runs.map(({ cpuSeconds }) => (cpuSeconds / documents) * 1e6),
      note: `Kafka ${ofEngine(runs, 'kafka')}, Elasticsearch ${ofEngine(runs, 'elasticsearch')}`,
    });
  const ofEngine = (runs: readonly RunFigures[], engine: 'kafka' | 'elasticsearch'): string => {
    const spent = runs.flatMap((run) => run[`${engine}CpuSeconds`] ?? []);
    return spent.length === 0 ? 'not seen' : `${((medianOf(spent) / documents) * 1e6).toFixed(0)} s`;
  };
  return [
    perMillion(
      'archiver',
      measured.map(({ archiver }) => archiver),
    ),
    perMillion(
      'loop',
      measured.flatMap(({ loop, loopAgain }) => [loop, loopAgain]),
    ),
    benchRow('CPU of the archiver against the loop', {
      unit: '×',
      values: measured.map(
        ({ archiver, loop, loopAgain }) =>
          (archiver.cpuSeconds * 2) / (loop.cpuSeconds + loopAgain.cpuSeconds),
      ),
      aim: { below: 2 },
      comparable,
    }),
    benchRow('archiver, most memory resident', {
      unit: 'MB',
      values: [Math.max(...measured.map(({ archiver }) => archiver.maxRssMb))],
      aim: { below: 512 },
    }),
  ];
};
