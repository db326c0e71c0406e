import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const archive = join(root, '../shared/data/chat/ubuntu-irc/ubuntu-irc-train.tar.xz');

export interface Corpus {
  readonly name: string;
  readonly files: readonly string[];
  /** Whether it is what the aims speak of. */
  readonly isWhole: boolean;
  /** Found in a few of its messages. */
  readonly rareWord: string;
}

/** All 153 days of #ubuntu where the archive is at hand, else the sample days that come with the project. */
export const openCorpus = (folder: string): Corpus => {
  const unpacked = join(folder, 'corpus');
  if (!unpack(archive, unpacked)) {
    const files = globSync(join(root, 'infra/samples/ubuntu-irc/*.raw.txt')).sort();
    return {
      name: `${files.length} sample days of #ubuntu`,
      files,
      isWhole: false,
      rareWord: 'authentication',
    };
  }
  const files = globSync(join(unpacked, '**/*.raw.txt')).sort();
  return { name: `ubuntu-irc, ${files.length} days`, files, isWhole: true, rareWord: 'segfaults' };
};

const unpack = (file: string, folder: string): boolean => {
  if (!existsSync(file)) return false;
  mkdirSync(folder);
  try {
    execFileSync('tar', ['xJf', file, '-C', folder], { stdio: 'ignore' });
    return true;
  } catch {
    // Without xz the archive cannot be read.
    return false;
  }
};
