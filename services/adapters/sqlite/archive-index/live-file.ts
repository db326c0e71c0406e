import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** What SQLite keeps beside a file; the journal only until the file has a write-ahead log. */
const companions = ['-wal', '-shm', '-journal'];

/**
 * The index has a name (`index.db`) and files (`index-1.db`, `index-2.db` …): the name is a link to the live file.
 * A rebuild swaps by renaming a link over it, at once and whole; whoever has the old file open reads on in it. Reusing
 * one file name would mix up the write-ahead logs of two databases.
 */
export const liveFileOf = (path: string): string | undefined => {
  try {
    return join(dirname(path), readlinkSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // A plain file: a copy of a data folder whose links were followed.
    if (code === 'EINVAL') return path;
    throw error;
  }
};

export const makeLive = (path: string, file: string): void => {
  const link = `${path}-link`;
  rmSync(link, { force: true });
  symlinkSync(basename(file), link);
  renameSync(link, path);
  syncFolder(dirname(path));
};

/** A file name never used by a live index: a process may still have the one before open. */
export const nextFileOf = (path: string): string => {
  const numbers = numberedFiles(path).map(({ number }) => number);
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${Math.max(0, ...numbers) + 1}${extension}`;
};

/** What a killed rebuild, a swap or a deleted link left behind. */
export const removeLeftovers = (path: string): void => {
  const live = liveFileOf(path);
  for (const { file } of numberedFiles(path)) if (file !== live) removeFile(file);
  for (const { file, companion } of companionFiles(path))
    if (file !== live) rmSync(companion, { force: true });
  rmSync(`${path}-link`, { force: true });
};

export const removeFile = (file: string): void => {
  for (const suffix of ['', ...companions]) rmSync(file + suffix, { force: true });
};

/** Whoever dies while it makes or removes a file may leave them alone. */
const companionFiles = (path: string): { file: string; companion: string }[] =>
  readdirSync(dirname(path)).flatMap((name) => {
    const suffix = companions.find((one) => name.endsWith(one));
    if (suffix === undefined || numberOf(path, name.slice(0, -suffix.length)) === undefined) return [];
    const companion = join(dirname(path), name);
    return [{ file: companion.slice(0, -suffix.length), companion }];
  });

const numberedFiles = (path: string): { file: string; number: number }[] =>
  readdirSync(dirname(path)).flatMap((name) => {
    const number = numberOf(path, name);
    return number === undefined ? [] : [{ file: join(dirname(path), name), number }];
  });

/** The number in a name such as `index-7.db`. */
const numberOf = (path: string, name: string): number | undefined => {
  const extension = extname(path);
  const stem = `${basename(path, extension)}-`;
  if (!name.startsWith(stem) || !name.endsWith(extension)) return undefined;
  const number = Number(name.slice(stem.length, name.length - extension.length));
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
};

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
