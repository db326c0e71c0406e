import { globSync } from 'node:fs';
import { join } from 'node:path';
import { localSourceFiles } from '../../services/adapters/files/local-source-files.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { systemRandom } from '../../services/adapters/system/random.ts';
import { importFiles } from '../../services/importer/import-files.ts';
import type { ImportReport } from '../../services/importer/import-report.ts';
import type { Archive } from '../../services/search-api/archive.ts';

const samples = join(import.meta.dirname, '../../infra/samples');

/** Imports the sample files whose name begins so. */
export const importSample = (archive: Archive, name: string): Promise<ImportReport> => {
  const paths = globSync(join(samples, '**', `${name}*`));
  const ports = { sink: archive, files: localSourceFiles, clock: systemClock, random: systemRandom };
  return importFiles(paths, { importId: 'test', format: 'auto' }, ports);
};
