import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { localSourceFiles } from '../../services/adapters/files/local-source-files.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { type ImportOptions, importFiles } from '../../services/importer/import-files.ts';
import type { ImportReport } from '../../services/importer/import-report.ts';
import type { MemoryImportSink } from './memory-import-sink.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A fresh folder with these files; names may hold folders. */
export const folderWith = async (files: Record<string, string | Uint8Array>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-import-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
};

export const importInto = (
  sink: MemoryImportSink,
  paths: readonly string[],
  options: Partial<ImportOptions> = {},
): Promise<ImportReport> =>
  importFiles(
    paths,
    { importId: 'import-1', format: 'auto', ...options },
    { files: localSourceFiles, clock: new MemoryClock(), random: new SeededRandom('import'), sink },
  );

export const countsOf = (report: ImportReport) => {
  const { read, archived, duplicate, conflict, refused, quarantined, skipped } = report;
  return { read, archived, duplicate, conflict, refused, quarantined, skipped };
};

/** What a report counts when nothing happened. */
export const noCounts = { archived: 0, duplicate: 0, conflict: 0, refused: 0, quarantined: 0, skipped: {} };

export const failsWith = (detail: RegExp) => (error: unknown) => {
  assert.ok(isHoldfastError(error, 'ImportFailed'), String(error));
  assert.match(error.message, detail);
  return true;
};

/** So many messages of one nick. */
export const ircLines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `[09:14] <a> line ${index}\n`).join('');
