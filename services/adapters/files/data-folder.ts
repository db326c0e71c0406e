import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FolderDescription, ServerAddress } from '../../../schemas/config/data-folder.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { HeadSigner } from '../../ports/head-signer.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import {
  assertMakeable,
  type FolderMaking,
  isMade,
  makeFolder,
  readDescription,
} from './folder-description.ts';
import { folderInvalid, hasSystemCode } from './folder-fault.ts';
import { readKeys } from './folder-keys.ts';
import { type LockAttempt, lockFolder, lockFolderForReading } from './folder-lock.ts';
import { announceServer, readServerFile, removeServerFile } from './server-file.ts';

export interface DataFolderOptions extends Partial<FolderMaking> {
  /** Make the folder when there is none; default true. */
  readonly create?: boolean;
  /** Open it as one that cannot be written; by default found out by asking the system. */
  readonly readOnly?: boolean;
}

/** A data folder held by this process until disposed. */
export interface DataFolder extends AsyncDisposable {
  readonly path: string;
  readonly installation: string;
  readonly partitions: FolderDescription['partitions'];
  /** Nothing can be written: databases are opened `immutable`, the signer refuses. */
  readonly readOnly: boolean;
  readonly paths: {
    readonly log: string;
    readonly ledger: string;
    readonly index: string;
    readonly keys: string;
    readonly blobs: string;
    readonly exports: string;
  };
  readonly publicKeyPem: string;
  readonly signer: HeadSigner;
  /** What an administrator should change, as sentences. */
  readonly warnings: readonly string[];
  /** Writes server.json, so that commands find the server; disposing takes it away. */
  announceServer(server: Omit<ServerAddress, 'pid'>): Promise<AsyncDisposable>;
}

const defaultPartitions = { im: 4, governance: 1, audit: 1 } as const;

/**
 * Opens the data folder for this process alone, and makes it where there is none. Rejects with `DataFolderLocked`
 * (`details.pid` and, of a server, `details.url`) while another process has it, with `DataFolderInvalid` when something
 * that belongs into it is missing, damaged or of another version, with `NotFound` when there is none to open.
 */
export const openDataFolder = async (path: string, options: DataFolderOptions = {}): Promise<DataFolder> => {
  const folder = resolve(path);
  await prepareFolder(folder, options);
  const readOnly = options.readOnly ?? !(await isWritable(folder));
  using resources = new DisposableStack();
  resources.use(await take(folder, readOnly));
  const description = (await readDescription(folder)) ?? (await make(folder, readOnly, options));
  const keys = await readKeys(join(folder, 'keys'), { readOnly });
  if (keys.keyId !== description.keyId) {
    const keysPath = join(folder, 'keys');
    throw folderInvalid(keysPath, `The key in ${keysPath} is not the one ${folder} was made with.`);
  }
  // Left by a killed server: this process holds the folder now.
  if (!readOnly) await removeServerFile(folder);
  const held = resources.move();
  return {
    path: folder,
    installation: description.installation,
    partitions: description.partitions,
    readOnly,
    paths: pathsIn(folder),
    publicKeyPem: keys.publicKeyPem,
    signer: keys.signer,
    warnings: [...keys.warnings, ...(await warningsOf(folder))],
    announceServer: (server) => announceServer(folder, server),
    [Symbol.asyncDispose]: async () => {
      try {
        if (!readOnly) await removeServerFile(folder);
      } finally {
        held.dispose();
      }
    },
  };
};

const pathsIn = (folder: string): DataFolder['paths'] => ({
  log: join(folder, 'log.db'),
  ledger: join(folder, 'ledger.db'),
  index: join(folder, 'index.db'),
  keys: join(folder, 'keys'),
  blobs: join(folder, 'blobs'),
  exports: join(folder, 'exports'),
});

const prepareFolder = async (folder: string, { create = true, readOnly = false }: DataFolderOptions) => {
  try {
    if (create && !readOnly) await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!(await stat(folder)).isDirectory()) throw folderInvalid(folder, `${folder} is not a folder.`);
    if (!create && !isMade(folder)) throw notFound(folder);
    await assertMakeable(folder);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) throw notFound(folder);
    if (hasSystemCode(error, 'EEXIST')) throw folderInvalid(folder, `${folder} is not a folder.`, error);
    if (hasSystemCode(error, 'EACCES', 'EROFS', 'ENOTDIR'))
      throw folderInvalid(folder, `${folder} cannot be made or entered by this account.`, error);
    throw error;
  }
};

const isWritable = async (folder: string): Promise<boolean> => {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const take = async (folder: string, readOnly: boolean): Promise<Disposable> => {
  const attempt: LockAttempt = readOnly ? lockFolderForReading(folder) : lockFolder(folder);
  if (attempt.held) return attempt.lock;
  const server = await readServerFile(folder);
  const pid = server?.pid ?? attempt.holder?.pid;
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  throw new HoldfastError('DataFolderLocked', {
    detail: `${folder} is held by ${who}${server ? `, which serves ${server.url}` : ''}.`,
    path: folder,
    ...(pid !== undefined && { pid }),
    ...(server && { url: server.url }),
  });
};

const make = (folder: string, readOnly: boolean, options: DataFolderOptions): Promise<FolderDescription> => {
  const { create = true, partitions = defaultPartitions } = options;
  if (readOnly || !create) throw notFound(folder);
  const { clock = systemClock, random = systemRandom } = options;
  return makeFolder(folder, { partitions, clock, random });
};

const notFound = (folder: string): HoldfastError =>
  new HoldfastError('NotFound', { detail: `There is no data folder at ${folder}.`, path: folder });

const warningsOf = async (folder: string): Promise<string[]> => {
  const { mode } = await stat(folder);
  return (mode & 0o077) === 0 ? [] : [`${folder} can be entered by others; its mode should be 0700.`];
};
