import { HoldfastError } from '../core/errors.ts';
import type { SourceFile, SourceFiles } from '../ports/source-files.ts';
import { detectFormat, type ImportFormat } from './detect-format.ts';
import { dateInName } from './irc/date-in-name.ts';
import { slackLayout } from './slack/slack-layout.ts';

/** A file that is read line by line. */
export type PlannedLines =
  | { readonly file: SourceFile; readonly format: 'irc'; readonly date: string }
  | { readonly file: SourceFile; readonly format: 'jsonl' };
/** A file with what it will be read as. */
export type PlannedFile = PlannedLines | { readonly file: SourceFile; readonly format: 'slack' };

export interface ImportPlan {
  readonly files: readonly PlannedFile[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly bytesTotal: number;
}

/**
 * Looks at every file before anything is appended: what cannot be opened, is an IRC file without a date in its name or
 * a zip that is not whole or over its limits, throws `ImportFailed` while nothing has happened yet. Files named twice
 * are read once.
 */
export const planImport = async (
  source: SourceFiles,
  paths: readonly string[],
  format: ImportFormat,
): Promise<ImportPlan> => {
  const files: PlannedFile[] = [];
  const skipped: { path: string; reason: string }[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const listing = await source.list(path);
    skipped.push(...listing.skipped);
    for (const file of listing.files) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      const planned = await planFile(source, file, format);
      if ('reason' in planned) skipped.push({ path: file.path, reason: planned.reason });
      else files.push(planned);
    }
  }
  return { files, skipped, bytesTotal: files.reduce((sum, { file }) => sum + file.sizeBytes, 0) };
};

const planFile = async (
  source: SourceFiles,
  file: SourceFile,
  wanted: ImportFormat,
): Promise<PlannedFile | { readonly reason: string }> => {
  const detected = detectFormat(file.name, await firstBlock(source, file.path), wanted);
  if (detected.format === 'none') return { reason: detected.reason };
  if (detected.format === 'slack') return planZip(source, file);
  if (detected.format === 'jsonl') return { file, format: 'jsonl' };
  const date = dateInName(file.name);
  if (date !== undefined) return { file, format: 'irc', date };
  const detail = `${file.path}: the name of an IRC file must hold its date, like 2004-12-25.txt.`;
  throw new HoldfastError('ImportFailed', { path: file.path, detail });
};

const planZip = async (
  source: SourceFiles,
  file: SourceFile,
): Promise<PlannedFile | { readonly reason: string }> => {
  await using zip = await source.openZip(file.path);
  if (slackLayout(zip.entries) !== undefined) return { file, format: 'slack' };
  const [unreadable] = zip.skipped;
  const also =
    unreadable === undefined
      ? ''
      : `; ${zip.skipped.length} of its entries cannot be read: ${unreadable.reason}`;
  return { reason: `a zip file, but not a Slack export${also}` };
};

const firstBlock = async (source: SourceFiles, path: string): Promise<Uint8Array> => {
  for await (const block of source.read(path)) return block;
  return new Uint8Array();
};
