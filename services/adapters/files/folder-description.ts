import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FolderDescription } from '../../../schemas/config/data-folder.ts';
import { analyzerVersion } from '../../core/analysis/analyzer-version.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { folderInvalid, hasSystemCode } from './folder-fault.ts';
import { makeKeys, readKeys } from './folder-keys.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** What only the making of a folder needs. */
export interface FolderMaking {
  readonly partitions: FolderDescription['partitions'];
  readonly clock: Clock;
  readonly random: Random;
}

/** What a folder may hold before it is finished: another process may be making it, or a crash stopped one. */
const unfinished = /^(keys|blobs|exports|lock\.db.*|holdfast\.json\..*\.new)$/;

const pathOf = (folder: string): string => join(folder, 'holdfast.json');

export const isMade = (folder: string): boolean => existsSync(pathOf(folder));

/** What was fixed when the folder was made; `undefined` for a folder that was never finished. */
export const readDescription = async (folder: string): Promise<FolderDescription | undefined> => {
  const path = pathOf(folder);
  const text = await readText(path);
  if (text === undefined) return undefined;
  const parsed = parse(path, text);
  const found = parsed.analyzerVersion;
  if (found === analyzerVersion) return parsed;
  throw folderInvalid(
    path,
    `${folder} was made with analyzer version ${found}; this program has version ${analyzerVersion}. Use the Holdfast it was made with, or import into a new folder.`,
  );
};

/** Refuses to make a data folder of one that is used for something else, or that has lost its description. */
export const assertMakeable = async (folder: string): Promise<void> => {
  const foreign = (await readdir(folder)).filter((name) => !unfinished.test(name));
  if (foreign.length === 0 || foreign.includes('holdfast.json')) return;
  throw folderInvalid(
    pathOf(folder),
    `${folder} holds ${foreign.slice(0, 3).join(', ')} but no holdfast.json. Name an empty folder, or restore that file.`,
  );
};

/** Finishes a new folder: keys first, its description last, so that a crash between leaves no half of one. */
export const makeFolder = async (folder: string, making: FolderMaking): Promise<FolderDescription> => {
  await chmod(folder, 0o700);
  await makeKeys(join(folder, 'keys'), making.random);
  for (const name of ['blobs', 'exports']) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  const description = FolderDescription.parse({
    format: 1,
    installation: Buffer.from(making.random.bytes(16)).toString('hex'),
    analyzerVersion,
    partitions: making.partitions,
    keyId: (await readKeys(join(folder, 'keys'), { readOnly: true })).keyId,
    createdAt: making.clock.now().toISOString(),
  });
  await writeFileAtomically(pathOf(folder), `${JSON.stringify(description, undefined, 2)}\n`, 0o600);
  return description;
};

const readText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw folderInvalid(path, `${path} cannot be read.`, error);
  }
};

const parse = (path: string, text: string): FolderDescription => {
  try {
    const raw: unknown = JSON.parse(text);
    const { format } = z.object({ format: z.number() }).parse(raw);
    if (format !== 1) throw newer(path, format);
    return FolderDescription.parse(raw);
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    throw folderInvalid(path, `${path} is damaged; restore it from a backup.`, error);
  }
};

const newer = (path: string, format: number): HoldfastError =>
  folderInvalid(path, `${path} is of format ${format}; this program reads format 1. Use a newer Holdfast.`);
