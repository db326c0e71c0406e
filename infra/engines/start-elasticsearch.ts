import { copyFile, cp, link, mkdir, readdir, writeFile } from 'node:fs/promises';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type ElasticsearchSecurity,
  type ElasticsearchSettingsOptions,
  elasticsearchSettings,
  userLine,
} from './elasticsearch-settings.ts';
import {
  type EngineFolder,
  inEngineFolder,
  isReachableByAnyone,
  makeOpenFolder,
  ownAll,
} from './engine-folder.ts';
import { type EngineLifetime, jvmOptions } from './engine-lifetime.ts';
import { fetchElasticsearch, type Tell } from './fetch-engines.ts';
import { findJava } from './find-java.ts';
import { freePort } from './free-port.ts';
import { type Engine, runEngine } from './run-engine.ts';

export interface ElasticsearchOptions extends Pick<ElasticsearchSettingsOptions, 'security' | 'settings'> {
  /**
   * Data, settings and output; kept. Left out: one below the system's temporary folder that goes with the node. Under
   * root it is given to the account nobody, which must be able to walk to it.
   */
  readonly folder?: string;
  /** A free one by default. */
  readonly port?: number;
  /** 1024 by default; 512 is enough for a test of faults. */
  readonly heapMb?: number;
  /** `lasting` by default. */
  readonly lifetime?: EngineLifetime;
  /** It goes on running after this process; stop it by its pid. */
  readonly outlives?: boolean;
  readonly tell?: Tell;
}

/** The server refuses to run as root. */
const nobody = { uid: 65534, gid: 65534 };
const account = process.getuid?.() === 0 ? nobody : undefined;

/** Links where the file system can, so that 145 MB are not copied for every node. */
const linkAll = async (from: string, to: string): Promise<void> => {
  await makeOpenFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkAll(source, target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
};

/** The distribution itself, or one in the node's folder where the other account cannot walk to it. */
const reachableHome = async (distribution: string, folder: string): Promise<string> => {
  if (account === undefined || (await isReachableByAnyone(distribution))) return distribution;
  const home = join(folder, 'server');
  await linkAll(distribution, home);
  return home;
};

const writeAccounts = async (config: string, security: ElasticsearchSecurity): Promise<void> => {
  await writeFile(join(config, 'users'), userLine(security));
  await writeFile(join(config, 'users_roles'), `superuser:${security.name}\n`);
  if (security.tls === undefined) return;
  await copyFile(security.tls.keyPath, join(config, 'http.key'));
  await copyFile(security.tls.certificatePath, join(config, 'http.crt'));
};

/** One configuration for each node, so that many run from one distribution. */
const writeConfig = async (home: string, options: ElasticsearchSettingsOptions, jvm: readonly string[]) => {
  const config = join(options.folder, 'config');
  await cp(join(home, 'config'), config, { recursive: true });
  await mkdir(join(config, 'jvm.options.d'), { recursive: true });
  await writeFile(join(config, 'jvm.options.d/holdfast.options'), `${jvm.join('\n')}\n`);
  await writeFile(join(config, 'elasticsearch.yml'), elasticsearchSettings(options));
  if (options.security !== undefined) await writeAccounts(config, options.security);
  for (const name of ['data', 'logs', 'tmp']) await mkdir(join(options.folder, name), { recursive: true });
  return config;
};

/** The caller's Java options are not for this server. */
const environmentOf = ({ path }: EngineFolder, config: string): NodeJS.ProcessEnv => {
  const { JAVA_HOME: _, ES_JAVA_OPTS: __, ...env } = process.env;
  return {
    ...env,
    HOME: path,
    ES_JAVA_HOME: findJava().home,
    ES_PATH_CONF: config,
    ES_TMPDIR: join(path, 'tmp'),
  };
};

/** Whether the node answers that its shards can be written. Whose certificate it shows is the tests' business. */
const isHealthy = async (address: string, security?: ElasticsearchSecurity): Promise<boolean> => {
  const url = `${address}/_cluster/health?wait_for_status=yellow&timeout=1s`;
  const request = (address.startsWith('https') ? requestTls : requestPlain)(url, {
    rejectUnauthorized: false,
    timeout: 5000,
    ...(security === undefined ? {} : { auth: `${security.name}:${security.password}` }),
  });
  const answered = Promise.withResolvers<boolean>();
  request.once('response', (response) =>
    text(response).then(() => answered.resolve(response.statusCode === 200), answered.reject),
  );
  request.once('timeout', () => request.destroy());
  request.once('error', answered.reject).end();
  return answered.promise;
};

const startIn = async (
  folder: EngineFolder,
  distribution: string,
  options: ElasticsearchOptions,
): Promise<Engine> => {
  const { port = await freePort(), heapMb = 1024, lifetime, security, settings } = options;
  if (account !== undefined && !(await isReachableByAnyone(folder.path)))
    throw new Error(`the account nobody cannot walk to ${folder.path}: name a folder it can, or none`);
  const home = await reachableHome(distribution, folder.path);
  const transportPort = await freePort();
  const config = await writeConfig(home, { folder: folder.path, port, transportPort, security, settings }, [
    `-Xms${heapMb}m`,
    `-Xmx${heapMb}m`,
    ...jvmOptions(lifetime),
  ]);
  if (account !== undefined) await ownAll(folder.path, account);
  const address = `${security?.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return runEngine({
    name: 'elasticsearch',
    words: [join(home, 'bin/elasticsearch')],
    env: environmentOf(folder, config),
    folder,
    address,
    port,
    account,
    outlives: options.outlives,
    isReady: () => isHealthy(address, security),
  });
};

/** A single node. It survives SIGKILL with all it acknowledged, not a loss of power. */
export const startElasticsearch = async (options: ElasticsearchOptions = {}): Promise<Engine> => {
  findJava();
  const distribution = await fetchElasticsearch(options.tell);
  return inEngineFolder('elasticsearch', options.folder, (folder) => startIn(folder, distribution, options));
};
