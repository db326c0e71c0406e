import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError } from '../../core/errors.ts';
import { lockFolder } from './folder-lock.ts';

/** A folder of its own for one of the processes that share a state folder, until disposed or killed. */
export interface StateSlot extends Disposable {
  readonly path: string;
}

const maxSlots = 64;

/** The first folder that no living process holds: what a process kept there before saves it from making it anew. */
export const takeStateSlot = async (stateFolder: string): Promise<StateSlot> => {
  for (let number = 1; number <= maxSlots; number += 1) {
    const path = join(stateFolder, String(number));
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new HoldfastError(
        'InvalidConfig',
        { detail: `state: ${path} cannot be made; expected a folder that this process may write.` },
        { cause: error },
      );
    }
    const attempt = lockFolder(path);
    if (attempt.held) return { path, [Symbol.dispose]: () => attempt.lock[Symbol.dispose]() };
  }
  throw new HoldfastError('InvalidConfig', {
    detail: `state: all ${maxSlots} folders of ${stateFolder} are held by other processes; give this one another state folder.`,
  });
};
