import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** What the figures were measured with and on. */
export interface Machine {
  readonly node: string;
  readonly sqlite: string;
  readonly kernel: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGib: number;
  /** With `+` when there are changes that were not committed. */
  readonly commit: string;
}

export const describeMachine = (): Machine => ({
  node: process.versions.node,
  sqlite: process.versions.sqlite ?? 'unknown',
  kernel: `${process.platform} ${release()}`,
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  memoryGib: Math.round(totalmem() / 2 ** 30),
  commit: commitOf(join(import.meta.dirname, '../..')),
});

const commitOf = (folder: string): string => {
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    // Figures change nothing that is measured.
    const changed = git('status', '--porcelain', '--', ':!figures', ':!README.md').trim() !== '';
    return git('rev-parse', '--short', 'HEAD').trim() + (changed ? '+' : '');
  } catch {
    return 'unknown';
  }
};
