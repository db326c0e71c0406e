import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A reader finds the old file or the whole new one, also after a crash; durable when this resolves. Processes may write
 * one path at once, also from containers, where all have the same id: one of them is last. One that was killed leaves a
 * file `.….new` that nobody reads.
 */
export const writeFileAtomically = async (path: string, content: string, mode: number): Promise<void> => {
  const temporary = `${path}.${randomUUID()}.new`;
  try {
    await using file = await open(temporary, 'wx', mode);
    // The mode given to open is cut by the umask.
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
};
