import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface EngineFolder {
  readonly path: string;
  /** Made for this engine alone; goes with it. */
  readonly isTemporary: boolean;
}

/** Uses the folder named, made if it is not there; else a new one, removed again if what was to start in it throws. */
export const inEngineFolder = async <T>(
  name: string,
  wanted: string | undefined,
  start: (folder: EngineFolder) => Promise<T>,
): Promise<T> => {
  if (wanted !== undefined) {
    await mkdir(wanted, { recursive: true });
    return start({ path: resolve(wanted), isTemporary: false });
  }
  const path = await mkdtemp(join(tmpdir(), `holdfast-${name}-`));
  try {
    return await start({ path, isTemporary: true });
  } catch (error) {
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
};

/** Whether an account that is nobody in particular may walk to this folder. */
export const isReachableByAnyone = async (path: string): Promise<boolean> => {
  const parent = dirname(resolve(path));
  if (parent === resolve(path)) return true;
  return ((await stat(parent)).mode & 0o001) !== 0 && (await isReachableByAnyone(parent));
};

/** Makes a folder that any account may enter. */
export const makeOpenFolder = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
};

/** Gives a folder to another account, with all in it but a linked distribution, which stays its owner's. */
export const ownAll = async (path: string, account: { uid: number; gid: number }): Promise<void> => {
  await chown(path, account.uid, account.gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory() && entry.name !== 'server') await ownAll(child, account);
    else if (entry.isFile()) await chown(child, account.uid, account.gid);
  }
};
