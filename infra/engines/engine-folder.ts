import { chmod, mkdir, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface EngineFolder {
  readonly path: string;
  /** Made for this engine alone; goes with it. */
  readonly isTemporary: boolean;
}

/** The folder named, made if it is not there; else a new one that goes with the engine. */
export const engineFolder = async (name: string, wanted?: string): Promise<EngineFolder> => {
  if (wanted !== undefined) {
    await mkdir(wanted, { recursive: true });
    return { path: resolve(wanted), isTemporary: false };
  }
  return { path: await mkdtemp(join(tmpdir(), `holdfast-${name}-`)), isTemporary: true };
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
