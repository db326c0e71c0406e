import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EnterpriseConfig } from '../../../schemas/config/enterprise-config.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Random } from '../../ports/random.ts';
import { makeKeys } from './folder-keys.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export interface InitOptions {
  /** The configuration to write; keys and token are made beside it. */
  readonly path: string;
  readonly profile: EnterpriseConfig['profile'];
  readonly kafka: readonly string[];
  readonly elasticsearch: readonly string[];
  readonly random: Random;
}

/** Makes what a new installation needs before its first start: id, keys, token. Nothing that exists is touched. */
export const initEnterprise = async (options: InitOptions): Promise<EnterpriseConfig> => {
  const { path, profile, kafka, elasticsearch, random } = options;
  const folder = dirname(resolve(path));
  const files = [resolve(path), join(folder, 'keys'), join(folder, 'token')];
  const present = files.find(existsSync);
  if (present !== undefined)
    throw new HoldfastError('InvalidConfig', {
      detail: `${present} exists already: another installation id or key would leave its archive behind. Choose another folder.`,
    });
  const config = {
    installation: Buffer.from(random.bytes(16)).toString('hex'),
    profile,
    kafka: { brokers: [...kafka] },
    elasticsearch: { nodes: [...elasticsearch] },
  };
  const parsed = EnterpriseConfig.safeParse(config);
  if (!parsed.success)
    throw new HoldfastError('InvalidConfig', {
      detail: parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('\n'),
    });
  await mkdir(folder, { recursive: true });
  await makeKeys(join(folder, 'keys'), random);
  const token = Buffer.from(random.bytes(24)).toString('base64url');
  await writeFileAtomically(join(folder, 'token'), `${token}\n`, 0o600);
  await writeFileAtomically(resolve(path), `${JSON.stringify(config, undefined, 2)}\n`, 0o640);
  return parsed.data;
};
