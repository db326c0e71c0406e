import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HoldfastError, isHoldfastError } from '../../core/errors.ts';
import { hasSystemCode } from './folder-fault.ts';
import { type LockAttempt, lockFolder, lockFolderForReading } from './folder-lock.ts';

/** A folder of its own for one of the processes that share a state folder, until disposed or killed. */
export interface StateSlot extends Disposable {
  readonly path: string;
}

const maxSlots = 64;

/** The first folder that no living process holds: what a process kept there before saves it from making it anew. */
export const takeStateSlot = async (stateFolder: string): Promise<StateSlot> => {
  for (let number = 1; number <= maxSlots; number += 1) {
    const path = join(stateFolder, String(number));
    const attempt = await attemptAt(path);
    if (attempt.held) return { path, [Symbol.dispose]: () => attempt.lock[Symbol.dispose]() };
  }
  throw noSlot(stateFolder);
};

/** Whether a process that starts would find a folder; changes nothing. Rejects with what `takeStateSlot` would say. */
export const examineStateSlots = async (stateFolder: string): Promise<{ readonly held: number }> => {
  try {
    const held = Array.from({ length: maxSlots }, (_, at) => join(stateFolder, String(at + 1))).filter(
      isHeld,
    );
    if (held.length === maxSlots) throw noSlot(stateFolder);
    await access(await nearestFolder(stateFolder), constants.W_OK | constants.X_OK);
    return { held: held.length };
  } catch (error) {
    throw isHoldfastError(error, 'InvalidConfig') ? error : unwritable(stateFolder, error);
  }
};

const isHeld = (path: string): boolean => {
  const attempt = lockFolderForReading(path);
  if (attempt.held) attempt.lock[Symbol.dispose]();
  return !attempt.held;
};

const attemptAt = async (path: string): Promise<LockAttempt> => {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return lockFolder(path);
  } catch (error) {
    throw unwritable(path, error);
  }
};

/** The folder itself, or the one that it would be made in. */
const nearestFolder = async (path: string): Promise<string> => {
  const found = await stat(path).catch((error) => {
    if (!hasSystemCode(error, 'ENOENT')) throw error;
  });
  if (found === undefined) return nearestFolder(dirname(path));
  if (!found.isDirectory()) throw new Error(`${path} is no folder`);
  return path;
};

const unwritable = (path: string, cause: unknown): HoldfastError =>
  new HoldfastError(
    'InvalidConfig',
    { detail: `state: ${path} cannot be used; expected a folder that this process may write.` },
    { cause },
  );

const noSlot = (stateFolder: string): HoldfastError =>
  new HoldfastError('InvalidConfig', {
    detail: `state: all ${maxSlots} folders of ${stateFolder} are held by other processes; give this one another state folder.`,
  });
