import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { SourceFile, SourceFiles, SourceListing } from '../../ports/source-files.ts';
import { importFailed, orImportFailed } from './import-fault.ts';
import { openLocalZip } from './local-zip.ts';

const blockBytes = 64 * 1024;

/** Files of this machine. Links to files are followed, links to folders are not: they may lead in circles. */
export const localSourceFiles: SourceFiles = {
  list: async (path) => {
    const found = await orImportFailed(path, stat(path));
    if (found.isDirectory()) return listFolder(path);
    if (!found.isFile()) return { files: [], skipped: [{ path, reason: 'not a regular file' }] };
    return { files: [sourceFile(path, found.size)], skipped: [] };
  },
  read: async function* (path) {
    try {
      yield* createReadStream(path, { highWaterMark: blockBytes });
    } catch (error) {
      throw importFailed(path, error);
    }
  },
  openZip: openLocalZip,
};

const listFolder = async (folder: string): Promise<SourceListing> => {
  const entries = await orImportFailed(folder, readdir(folder, { withFileTypes: true }));
  const listings: SourceListing[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) listings.push(await listFolder(path));
    else listings.push(await listEntry(path, entry.isSymbolicLink()));
  }
  return {
    files: listings.flatMap(({ files }) => files),
    skipped: listings.flatMap(({ skipped }) => skipped),
  };
};

const listEntry = async (path: string, isLink: boolean): Promise<SourceListing> => {
  const found = await orImportFailed(path, stat(path));
  if (found.isFile()) return { files: [sourceFile(path, found.size)], skipped: [] };
  const reason = isLink && found.isDirectory() ? 'link to a folder' : 'not a regular file';
  return { files: [], skipped: [{ path, reason }] };
};

const sourceFile = (path: string, sizeBytes: number): SourceFile => ({
  path,
  name: basename(path),
  folder: basename(dirname(resolve(path))),
  sizeBytes,
});
