import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface ImportFigures {
  readonly lines: number;
  readonly items: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly maxRssMb: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly bytesPerItem: { readonly log: number; readonly ledger: number; readonly index: number };
}

/** Imports these files through the whole Standard Edition into a fresh data folder, in a process of its own. */
export const benchImport = async (files: readonly string[]): Promise<ImportFigures> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    const script = join(import.meta.dirname, 'import-child.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--max-semi-space-size=4',
      script,
      join(folder, 'data'),
      ...files,
    ]);
    return JSON.parse(stdout) as ImportFigures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
