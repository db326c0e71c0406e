import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunCost } from './processor-time.ts';
import type { LoopFigures } from './watch-loop.ts';

export interface ImportFigures extends RunCost {
  readonly lines: number;
  readonly items: number;
  readonly maxRssMb: number;
  /** Of the thread that serves, which also reads the files here. */
  readonly loop: LoopFigures;
  readonly bytesPerItem: { readonly log: number; readonly ledger: number; readonly index: number };
}

/** Imports these files through the whole Standard Edition into a new data folder, in a process of its own. */
export const benchImport = async (
  files: readonly string[],
  { data, signal }: { readonly data: string; readonly signal: AbortSignal },
): Promise<ImportFigures> => {
  const script = join(import.meta.dirname, 'import-child.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--max-semi-space-size=4', script, data, ...files],
    { signal },
  );
  return JSON.parse(stdout) as ImportFigures;
};
