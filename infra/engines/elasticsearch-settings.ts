import { pbkdf2Sync, randomBytes } from 'node:crypto';

/** Who may speak to the node, and how. */
export interface ElasticsearchSecurity {
  /** May do everything. The minimal distribution has no API keys: their index needs an analyzer that is left out there. */
  readonly name: string;
  readonly password: string;
  /** Paths of PEM files. With them the address begins with https. */
  readonly tls?: { readonly keyPath: string; readonly certificatePath: string };
}

export interface ElasticsearchSettingsOptions {
  readonly folder: string;
  readonly port: number;
  readonly transportPort: number;
  readonly security?: ElasticsearchSecurity | undefined;
  /** Further settings, stronger than ours. */
  readonly settings?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/**
 * Text of elasticsearch.yml. An index that was refused is never made anew by the next write, nor removed by a pattern. A
 * disk that is nearly full is nobody's concern in a trial, so it is not watched unless a test asks for that.
 */
export const elasticsearchSettings = (options: ElasticsearchSettingsOptions): string => {
  const { folder, port, transportPort, security } = options;
  const settings = {
    'cluster.name': `holdfast-${port}`,
    'node.name': 'holdfast',
    'discovery.type': 'single-node',
    'network.host': '127.0.0.1',
    'http.port': port,
    'transport.port': transportPort,
    'path.data': `${folder}/data`,
    'path.logs': `${folder}/logs`,
    'action.auto_create_index': false,
    'action.destructive_requires_name': true,
    'cluster.routing.allocation.disk.threshold_enabled': false,
    'xpack.security.enabled': security !== undefined,
    ...(security?.tls === undefined
      ? {}
      : {
          'xpack.security.http.ssl.enabled': true,
          'xpack.security.http.ssl.key': `${folder}/config/http.key`,
          'xpack.security.http.ssl.certificate': `${folder}/config/http.crt`,
        }),
    ...options.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
};

/** A line of the file realm's `users`: PBKDF2 as the server itself writes it, without starting a Java tool for it. */
export const userLine = ({ name, password }: ElasticsearchSecurity): string => {
  const rounds = 10_000;
  const salt = randomBytes(32);
  const hash = pbkdf2Sync(password, salt, rounds, 32, 'sha512');
  return `${name}:{PBKDF2}${rounds}$${salt.toString('base64')}$${hash.toString('base64')}\n`;
};
