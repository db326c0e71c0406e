import type { OutcomeKind } from '../../schemas/archive/ledger.ts';
import { HoldfastError } from '../core/errors.ts';

const maxListed = 20;

/** What became of every line read (of a Slack export: of every record made of it): `read` is the sum of all that follows it. */
export interface ImportReport {
  readonly importId: string;
  /** Stopped before the end; importing the same again continues. */
  interrupted: boolean;
  files: number;
  bytes: number;
  /** The first files that were not imported, and how many for each reason. */
  readonly skippedFiles: { path: string; reason: string }[];
  readonly skippedFileReasons: Record<string, number>;
  /** How many of them are parts of an export that should have been readable: messages may be missing. */
  lostFiles: number;
  read: number;
  archived: number;
  duplicate: number;
  conflict: number;
  refused: number;
  quarantined: number;
  /** Lines that say nothing, by reason. */
  readonly skipped: Record<string, number>;
  /** The first lines that were quarantined. */
  readonly quarantine: { path: string; line: number; reason: string }[];
}

export const newImportReport = (importId: string): ImportReport => ({
  importId,
  interrupted: false,
  files: 0,
  bytes: 0,
  skippedFiles: [],
  skippedFileReasons: {},
  lostFiles: 0,
  read: 0,
  archived: 0,
  duplicate: 0,
  conflict: 0,
  refused: 0,
  quarantined: 0,
  skipped: {},
  quarantine: [],
});

export const countSkippedFile = (report: ImportReport, path: string, reason: string): void => {
  report.skippedFileReasons[reason] = (report.skippedFileReasons[reason] ?? 0) + 1;
  if (report.skippedFiles.length < maxListed) report.skippedFiles.push({ path, reason });
};

export const countSkipped = (report: ImportReport, reason: string): void => {
  report.read += 1;
  report.skipped[reason] = (report.skipped[reason] ?? 0) + 1;
};

export const countOutcome = (
  report: ImportReport,
  outcome: OutcomeKind,
  where: { readonly path: string; readonly line: number; readonly reason: string | undefined },
): void => {
  // Control records are written by the log itself, never by an import.
  if (outcome === 'control')
    throw new HoldfastError('Internal', { detail: 'An imported line became a control record.' });
  report.read += 1;
  report[outcome] += 1;
  if (outcome !== 'quarantined' || report.quarantine.length >= maxListed) return;
  report.quarantine.push({ path: where.path, line: where.line, reason: where.reason ?? 'no reason given' });
};

/** Throws when a line was lost or counted twice. */
export const assertAddsUp = (report: ImportReport, linesRead: number): void => {
  const skipped = Object.values(report.skipped).reduce((sum, count) => sum + count, 0);
  const { archived, duplicate, conflict, refused, quarantined } = report;
  const sum = archived + duplicate + conflict + refused + quarantined + skipped;
  if (sum === report.read && report.read === linesRead) return;
  const detail = `${linesRead} lines were read, ${report.read} counted, and their outcomes are ${sum}.`;
  throw new HoldfastError('Internal', { detail });
};
