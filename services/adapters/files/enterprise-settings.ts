import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EnterpriseConfig } from '../../../schemas/config/enterprise-config.ts';
import { HoldfastError } from '../../core/errors.ts';

/** What was configured, with the contents of the files it names. Secrets: never logged, never printed. */
export interface EnterpriseSettings {
  readonly config: EnterpriseConfig;
  readonly kafka: { readonly tls?: TlsSettings; readonly password?: string };
  readonly elasticsearch: { readonly ca?: string; readonly apiKey?: string; readonly password?: string };
  readonly token: string;
  /** Absolute. */
  readonly stateFolder: string;
  readonly keysFolder: string;
}

export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Reads and checks the file of an installation; all its faults are told at once, by name and never by value. */
export const readEnterpriseSettings = async (path: string): Promise<EnterpriseSettings> => {
  const config = parse(path, await readText(path, 'the configuration'));
  const files = new NamedFiles(dirname(resolve(path)));
  const { kafka, elasticsearch, server } = config;
  const tls = kafka.tls && {
    ...(await files.entry('ca', 'kafka.tls.caFile', kafka.tls.caFile)),
    ...(await files.entry('cert', 'kafka.tls.certFile', kafka.tls.certFile)),
    ...(await files.entry('key', 'kafka.tls.keyFile', kafka.tls.keyFile)),
  };
  const settings: EnterpriseSettings = {
    config,
    kafka: {
      ...(tls === undefined ? {} : { tls }),
      ...(await files.entry('password', 'kafka.sasl.passwordFile', kafka.sasl?.passwordFile)),
    },
    elasticsearch: {
      ...(await files.entry('ca', 'elasticsearch.tls.caFile', elasticsearch.tls?.caFile)),
      ...(await files.entry('apiKey', 'elasticsearch.apiKeyFile', elasticsearch.apiKeyFile)),
      ...(await files.entry('password', 'elasticsearch.passwordFile', elasticsearch.passwordFile)),
    },
    token: (await files.secret('server.tokenFile', server.tokenFile)) ?? '',
    stateFolder: files.pathOf(config.state),
    keysFolder: files.pathOf(config.keys),
  };
  if (settings.token !== '' && settings.token.length < 16)
    files.faults.push('server.tokenFile: the token has fewer than 16 characters; `holdfast init` makes one');
  refuse(path, files.faults);
  return settings;
};

const parse = (path: string, text: string): EnterpriseConfig => {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    // The parser quotes what it did not understand, and that may be a secret in the wrong place.
    throw new HoldfastError('InvalidConfig', { detail: `${path} is not JSON${placeOf(error, text)}.` });
  }
  const parsed = EnterpriseConfig.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`,
  );
  refuse(path, faults);
  throw parsed.error;
};

const placeOf = (error: unknown, text: string): string => {
  const at = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (at === undefined) return '';
  const lines = text.slice(0, Number(at)).split('\n');
  return `: see line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
};

const refuse = (path: string, faults: readonly string[]): void => {
  if (faults.length > 0)
    throw new HoldfastError('InvalidConfig', {
      detail: `${path}:\n${faults.join('\n')}`,
      faults: [...faults],
    });
};

const readText = async (path: string, what: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new HoldfastError(
      'InvalidConfig',
      {
        detail: `${path} cannot be read (${why}): expected ${what}. \`holdfast init --config ${path}\` makes one.`,
      },
      { cause: error },
    );
  }
};

/** Files that a configuration names, relative to its folder; what cannot be read is gathered as a fault. */
class NamedFiles {
  readonly faults: string[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(name: string): string {
    return resolve(this.#folder, name);
  }

  async read(setting: string, name: string | undefined): Promise<string | undefined> {
    if (name === undefined) return undefined;
    try {
      return (await readFile(this.pathOf(name), 'utf8')).trim();
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      this.faults.push(`${setting}: ${this.pathOf(name)} cannot be read (${why})`);
      return undefined;
    }
  }

  /** Neither absent nor empty. */
  async secret(setting: string, name: string | undefined): Promise<string | undefined> {
    const text = await this.read(setting, name);
    if (text === '') this.faults.push(`${setting}: ${this.pathOf(name ?? '')} is empty`);
    return text;
  }

  async entry<K extends string>(
    key: K,
    setting: string,
    name: string | undefined,
  ): Promise<{ readonly [P in K]?: string }> {
    const text = await this.secret(setting, name);
    return (text === undefined ? {} : { [key]: text }) as { readonly [P in K]?: string };
  }
}
