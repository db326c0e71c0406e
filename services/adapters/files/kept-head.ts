import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignedHead } from '../../../schemas/archive/ledger.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { HeadKeeper } from '../../ports/head-keeper.ts';
import { folderInvalid, hasSystemCode } from './folder-fault.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const pathIn = (keysFolder: string): string => join(keysFolder, 'tree-heads.newest.json');

/** The newest head signed with the key of this folder; `undefined` where none was kept beside it. */
export const readKeptHead = async (keysFolder: string): Promise<SignedHead | undefined> => {
  const path = pathIn(keysFolder);
  try {
    return SignedHead.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw folderInvalid(path, `${path} cannot be read; it is the newest tree head that was signed.`, error);
  }
};

const keepHead = async (keysFolder: string, head: SignedHead): Promise<void> => {
  try {
    await writeFileAtomically(pathIn(keysFolder), `${JSON.stringify(head)}\n`, 0o644);
  } catch (cause) {
    throw new HoldfastError(
      'LedgerUnavailable',
      { detail: `${pathIn(keysFolder)} was not written.` },
      { cause },
    );
  }
};

export const headKeeperIn = (keysFolder: string): HeadKeeper => ({
  newest: () => readKeptHead(keysFolder),
  keep: (head) => keepHead(keysFolder, head),
});
