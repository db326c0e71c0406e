import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A reader finds the old file or the whole new one, also after a crash; durable when this resolves. */
export const writeFileAtomically = async (path: string, content: string, mode: number): Promise<void> => {
  const temporary = `${path}.${process.pid}.new`;
  try {
    await using file = await open(temporary, 'w', mode);
    // The mode given to open is cut by the umask and ignored for a file left by a crash.
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
