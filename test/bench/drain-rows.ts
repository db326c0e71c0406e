import { join } from 'node:path';
import { liveFileOf } from '../../services/adapters/sqlite/archive-index/live-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { insertBare, readStoredRows, type StoredRows } from './bare-inserts.ts';
import type { BenchContext } from './bench-context.ts';
import { type BenchRow, benchRow } from './bench-row.ts';
import { drainArchiver } from './drain.ts';
import { type PreloadedLog, preloadLog } from './preload-log.ts';
import type { RunCost } from './processor-time.ts';
import { isTooNoisy, medianOf } from './statistics.ts';

const events = 50_000;
const rounds = 5;
/** What the archiver puts in one transaction: as many records as it reads from the log at once. */
const rowsEach = 1000;

type Twice = readonly [RunCost, RunCost];

interface Round {
  readonly archiver: Twice;
  /** Inserts into every table the index has a row for each item in. */
  readonly bare: Twice;
  /** Inserts into the FTS5 table alone. */
  readonly words: RunCost;
}

/**
 * The Standard archiver against bare inserts. Each round runs archiver, bare, bare, archiver, so that a drift of the
 * machine falls on both; the two bare runs beside each other are the A/A check.
 */
export const drainRows = async (context: BenchContext): Promise<BenchRow[]> => {
  const { corpus, folder, signal, say } = context;
  say('archiver against bare inserts, preloading the log');
  const log = await preloadLog(folder, corpus.files, events);
  const tables = await warmUp(log, folder);
  const bare = (names: readonly string[] = ['words', 'version', 'item']) =>
    insertBare(
      tables.filter(({ table }) => names.includes(table)),
      { parent: folder, rowsEach },
    );
  await bare();
  const measured: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    say(`archiver against bare inserts, round ${round} of ${rounds}`);
    const first = await drainOnce(log, folder);
    const bares = [await bare(), await bare()] as const;
    const words = await bare(['words']);
    measured.push({ archiver: [first, await drainOnce(log, folder)], bare: bares, words });
  }
  return rowsOf(measured, { events: log.events, comparable: corpus.isWhole });
};

/** A drain that is not counted; what it wrote is what the bare loop writes. */
const warmUp = async (log: PreloadedLog, parent: string): Promise<StoredRows[]> => {
  await using folder = await temporaryFolder(parent);
  await drainArchiver(log, folder.path);
  return readStoredRows(liveFileOf(join(folder.path, 'index.db')) ?? '');
};

const drainOnce = async (log: PreloadedLog, parent: string): Promise<RunCost> => {
  await using folder = await temporaryFolder(parent);
  return await drainArchiver(log, folder.path);
};

const rowsOf = (
  measured: readonly Round[],
  { events, comparable }: { readonly events: number; readonly comparable: boolean },
): BenchRow[] => {
  const sameTwice = measured.map(({ bare: [first, second] }) => first.seconds / second.seconds);
  const note = isTooNoisy(sameTwice)
    ? { note: `TOO NOISY: bare against bare ${medianOf(sameTwice).toFixed(2)}` }
    : {};
  const ratio = { unit: '×', aim: { above: 0.7 }, comparable, ...note } as const;
  return [
    speedRow(`archiver, ${events} events from log to index and ledger`, {
      events,
      runs: measured.flatMap(({ archiver }) => archiver),
    }),
    speedRow('bare inserts of the rows it writes', { events, runs: measured.flatMap(({ bare }) => bare) }),
    speedRow('bare inserts of their FTS5 rows alone', { events, runs: measured.map(({ words }) => words) }),
    benchRow('archiver against bare inserts of the rows it writes', {
      ...ratio,
      values: measured.map(({ archiver, bare }) => secondsOf(bare) / secondsOf(archiver)),
    }),
    benchRow('archiver against bare inserts of their FTS5 rows alone', {
      ...ratio,
      values: measured.map(({ archiver, words }) => (words.seconds * 2) / secondsOf(archiver)),
    }),
    benchRow('bare inserts against themselves (A/A)', { unit: '×', values: sameTwice, ...note }),
  ];
};

const speedRow = (
  what: string,
  { events, runs }: { readonly events: number; readonly runs: readonly RunCost[] },
): BenchRow =>
  benchRow(what, {
    unit: '/s',
    values: runs.map(({ seconds }) => events / seconds),
    cpuSeconds: runs.map(({ cpuSeconds }) => cpuSeconds),
    wallSeconds: runs.map(({ seconds }) => seconds),
  });

const secondsOf = ([first, second]: Twice): number => first.seconds + second.seconds;
