import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError } from '../../core/errors.ts';
import { keyIdOf, signHead } from '../../core/ledger/head.ts';
import type { HeadSigner } from '../../ports/head-signer.ts';
import type { Random } from '../../ports/random.ts';
import { folderInvalid, hasSystemCode } from './folder-fault.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export interface FolderKeys {
  readonly keyId: string;
  readonly publicKeyPem: string;
  readonly signer: HeadSigner;
  /** What an administrator should change, as sentences. */
  readonly warnings: readonly string[];
}

/** The beginning of every PKCS #8 Ed25519 key (RFC 8410); the 32 bytes of the seed follow. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

const pathsIn = (keysFolder: string) => ({
  privateKey: join(keysFolder, 'tree-heads.pem'),
  publicKey: join(keysFolder, 'tree-heads.public.pem'),
});

/** Makes the keys of a new installation; keys that a crash left before it was finished are kept. */
export const makeKeys = async (keysFolder: string, random: Random): Promise<void> => {
  const paths = pathsIn(keysFolder);
  await mkdir(keysFolder, { recursive: true, mode: 0o700 });
  const kept = await readKeptKey(paths.privateKey);
  const key = kept ?? keyFrom(random.bytes(32));
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  await writeFileAtomically(paths.privateKey, String(key.export({ type: 'pkcs8', format: 'pem' })), 0o600);
  await writeFileAtomically(paths.publicKey, String(publicPem), 0o644);
};

/** Reads the keys an installation was made with; a missing or another key is refused. `readOnly`: nothing is signed. */
export const readKeys = async (
  keysFolder: string,
  options: { readonly readOnly: boolean },
): Promise<FolderKeys> => {
  const paths = pathsIn(keysFolder);
  const publicKeyPem = await readKeyFile(paths.publicKey);
  const keyId = keyIdOf(parseKey(paths.publicKey, () => createPublicKey(publicKeyPem)));
  if (options.readOnly) return { keyId, publicKeyPem, signer: refusingSigner, warnings: [] };
  const pem = await readKeyFile(paths.privateKey);
  const privateKey = parseKey(paths.privateKey, () => createPrivateKey(pem));
  if (keyIdOf(createPublicKey(privateKey)) !== keyId) {
    throw folderInvalid(paths.publicKey, `${paths.publicKey} is not the public key of ${paths.privateKey}.`);
  }
  const signer: HeadSigner = { sign: (head) => signHead(privateKey, head) };
  return { keyId, publicKeyPem, signer, warnings: await warningsOf(paths.privateKey) };
};

const keyFrom = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });

const refusingSigner: HeadSigner = {
  sign: () => {
    throw new HoldfastError('ReadOnly');
  },
};

/** Only a file that is not there is no key: a disk that fails once must not cost the key that signed everything. */
const readKeptKey = async (path: string): Promise<KeyObject | undefined> => {
  try {
    const pem = await readFile(path);
    return parseKey(path, () => createPrivateKey(pem));
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    if (error instanceof HoldfastError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw folderInvalid(path, `${path} cannot be read (${code}); no key is made in its place.`, error);
  }
};

const readKeyFile = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const what = hasSystemCode(error, 'ENOENT') ? 'is missing' : 'cannot be read';
    throw folderInvalid(path, `${path} ${what}; without it tree heads cannot be signed or verified.`, error);
  }
};

const parseKey = (path: string, parse: () => KeyObject): KeyObject => {
  try {
    const key = parse();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw folderInvalid(path, `${path} is damaged; expected a PEM key.`, error);
  }
  throw folderInvalid(path, `${path} is of another kind; expected an Ed25519 key.`);
};

const warningsOf = async (path: string): Promise<string[]> => {
  const { mode } = await stat(path);
  return (mode & 0o077) === 0 ? [] : [`${path} can be read by others; its mode should be 0600.`];
};
