import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorTable } from '../services/core/errors.ts';
import { generatedFiles } from './generators/generated-files.ts';

/** `node schemas/generate.ts` writes what is made from the schemas; with `--check` it only names what is stale. */
const root = join(import.meta.dirname, '..');

const versionOf = (path: string): string => {
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return version;
};

const present = (path: string): string | undefined => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
};

/** Paths whose file is not what the schemas say, left-over files included. */
const findStale = (files: ReadonlyMap<string, string>): string[] => [
  ...[...files].filter(([path, text]) => present(path) !== text).map(([path]) => path),
  ...globSync('schemas/generated/**/*.json', { cwd: root }).filter((path) => !files.has(path)),
];

const files = generatedFiles(versionOf(join(root, 'package.json')), errorTable);
const stale = findStale(files);
if (process.argv.includes('--check')) {
  for (const path of stale) process.stdout.write(`stale: ${path}\n`);
  if (stale.length > 0) process.stdout.write('run `make gen` and commit what it writes\n');
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const path of stale) {
    const text = files.get(path);
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    process.stdout.write(`${text === undefined ? 'removed' : 'wrote'} ${path}\n`);
  }
}
