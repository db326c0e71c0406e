import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const archive = join(root, '../shared/data/chat/ubuntu-irc/ubuntu-irc-train.tar.xz');

export interface Corpus {
  readonly name: string;
  readonly files: readonly string[];
}

/** All 153 days of #ubuntu where the archive is at hand, else the sample days that come with the project. */
export const openCorpus = (): Corpus => {
  if (!existsSync(archive)) {
    return {
      name: 'sample days of #ubuntu',
      files: globSync(join(root, 'infra/samples/ubuntu-irc/*.raw.txt')).sort(),
    };
  }
  const folder = join(tmpdir(), 'holdfast-bench-corpus');
  if (!existsSync(folder)) {
    mkdirSync(folder);
    execFileSync('tar', ['xJf', archive, '-C', folder]);
  }
  return { name: 'all of ubuntu-irc', files: globSync(join(folder, '**/*.raw.txt')).sort() };
};
