import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerAddress } from '../../../schemas/config/data-folder.ts';
import { hasSystemCode } from './folder-fault.ts';
import { readHolder } from './folder-lock.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const fileOf = (folder: string): string => join(folder, 'server.json');

/** Tells commands on this machine how to reach the server that holds the folder, until disposed. */
export const announceServer = async (
  folder: string,
  server: Omit<ServerAddress, 'pid'>,
): Promise<AsyncDisposable> => {
  const address = { pid: process.pid, url: server.url, token: server.token };
  await writeFileAtomically(fileOf(folder), `${JSON.stringify(address)}\n`, 0o600);
  return { [Symbol.asyncDispose]: () => removeServerFile(folder) };
};

export const removeServerFile = (folder: string): Promise<void> => rm(fileOf(folder), { force: true });

/** The server that holds a folder; what a killed one left behind, or nobody may read, is nothing. */
export const readServerFile = async (folder: string): Promise<ServerAddress | undefined> => {
  const address = await parse(fileOf(folder));
  if (!address || readHolder(folder)?.pid !== address.pid || !isAlive(address.pid)) return undefined;
  return address;
};

const parse = async (path: string): Promise<ServerAddress | undefined> => {
  try {
    return ServerAddress.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || hasSystemCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return undefined;
    throw error;
  }
};

/** Signal 0 only asks; a process of another account answers EPERM, and lives. */
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasSystemCode(error, 'EPERM');
  }
};
