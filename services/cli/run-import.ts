import type { ImportFormat } from '../importer/detect-format.ts';
import { type ImportPorts, importFiles } from '../importer/import-files.ts';
import type { ImportReport } from '../importer/import-report.ts';
import type { Archive, Caller } from '../search-api/archive.ts';
import { progressBar } from './show-steps.ts';
import type { Terminal } from './terminal.ts';

export interface ImportContext {
  readonly terminal: Terminal;
  readonly sources: Omit<ImportPorts, 'sink'>;
  readonly signal: AbortSignal;
  readonly caller: () => Caller;
}

/** One audited act of importing: who, why and what before the first line, what came of it after the last. */
export const runImport = async (
  { terminal, signal, caller, sources }: ImportContext,
  archive: Archive,
  paths: readonly string[],
  options: { format: ImportFormat; conversation?: string },
): Promise<ImportReport> => {
  const importId = Buffer.from(sources.random.bytes(8)).toString('hex');
  const { purpose } = caller();
  await archive.note(caller(), {
    action: 'import.begin',
    purpose,
    detail: { importId, paths: [...paths], format: options.format },
  });
  const bar = progressBar(terminal);
  const ports = { ...sources, sink: archive };
  try {
    const report = await importFiles(
      paths,
      {
        ...options,
        importId,
        signal,
        onProgress: ({ bytesDone, bytesTotal, file }) => bar.update(bytesDone, bytesTotal, `bytes  ${file}`),
      },
      ports,
    );
    await archive.note(caller(), { action: 'import.end', purpose, detail: countsOf(report) });
    return report;
  } finally {
    bar.stop();
  }
};

const countsOf = ({
  importId,
  files,
  read,
  archived,
  duplicate,
  conflict,
  refused,
  quarantined,
  interrupted,
}: ImportReport) => ({
  importId,
  files,
  read,
  archived,
  duplicate,
  conflict,
  refused,
  quarantined,
  interrupted,
});
