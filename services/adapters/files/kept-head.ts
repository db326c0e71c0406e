import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartitionHead, SignedHead } from '../../../schemas/archive/ledger.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { HeadKeeper } from '../../ports/head-keeper.ts';
import type { EnterpriseSettings } from './enterprise-settings.ts';
import { folderInvalid, hasSystemCode } from './folder-fault.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const pathIn = (folder: string): string => join(folder, 'tree-heads.newest.json');

/** The newest head that was signed; `undefined` where none was kept in this folder. */
const readKeptHead = async (folder: string): Promise<SignedHead | undefined> => {
  const path = pathIn(folder);
  try {
    return SignedHead.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw folderInvalid(path, `${path} cannot be read; it is the newest tree head that was signed.`, error);
  }
};

const keepHead = async (folder: string, head: SignedHead): Promise<void> => {
  const kept = await readKeptHead(folder);
  if (kept !== undefined && !covers(head, kept)) return;
  try {
    await writeFileAtomically(pathIn(folder), `${JSON.stringify(head)}\n`, 0o644);
  } catch (cause) {
    throw new HoldfastError('LedgerUnavailable', { detail: `${pathIn(folder)} was not written.` }, { cause });
  }
};

/** Whether every tree of `head` is at least as large as that of `other`. */
const covers = (head: SignedHead, other: SignedHead): boolean =>
  other.heads.every((tree) => head.heads.some((one) => isSame(one, tree) && one.size >= tree.size));

const isSame = (one: PartitionHead, other: PartitionHead): boolean =>
  one.stream === other.stream && one.generation === other.generation && one.partition === other.partition;

/** Keeps the newest head that was signed in this folder. */
export const headKeeperIn = (folder: string): HeadKeeper => ({
  newest: () => readKeptHead(folder),
  keep: (head) => keepHead(folder, head),
});

/** Beside the keys; where those come from a place that cannot be written, such as a secret that is mounted, with the state. */
export const enterpriseHeadKeeper = async ({
  keysFolder,
  stateFolder,
}: Pick<EnterpriseSettings, 'keysFolder' | 'stateFolder'>): Promise<HeadKeeper> => {
  try {
    await access(keysFolder, constants.W_OK);
    return headKeeperIn(keysFolder);
  } catch {
    return headKeeperIn(stateFolder);
  }
};
