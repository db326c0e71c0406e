import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

/** A file system of that size, or the reason why there cannot be one here. */
export const smallDisk = async (bytes: number): Promise<TemporaryFolder | string> => {
  if (process.platform !== 'linux') return 'only Linux mounts a file system in memory';
  if (process.getuid?.() !== 0) return 'only root may mount a file system';
  const folder = await temporaryFolder();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder.path]);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    return `no file system could be mounted: ${String(error)}`;
  }
  return {
    path: folder.path,
    [Symbol.asyncDispose]: async () => {
      await run('umount', [folder.path]);
      await folder[Symbol.asyncDispose]();
    },
  };
};
