import { randomBytes } from 'node:crypto';
import {
  type ElasticsearchArchiveIndexOptions,
  openElasticsearchArchiveIndex,
} from '../../services/adapters/elasticsearch/open-archive-index.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { systemRandom } from '../../services/adapters/system/random.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { engines } from './engines.ts';

export const newInstallation = (): string => randomBytes(16).toString('hex');

export type TestIndexOptions = Partial<ElasticsearchArchiveIndexOptions> & {
  readonly installation: string;
  /** URL of a node of its own; absent = the one all tests share. */
  readonly url?: string;
};

export const openTestIndex = ({ url, ...options }: TestIndexOptions): Promise<ArchiveIndex> =>
  openElasticsearchArchiveIndex({
    partitions: 3,
    profile: 'development',
    clock: systemClock,
    random: systemRandom,
    connection: { nodes: [url ?? sharedUrl()] },
    ...options,
  });

export const sharedUrl = (): string => {
  const running = engines();
  if (running === undefined) throw new Error('Elasticsearch does not run here');
  return running.elasticsearch;
};

/** Speaks to a node directly; answers of 400 and more are errors, but for 404. */
export const ask = async (
  url: string,
  [method, path]: readonly [string, string],
  body?: object,
): Promise<Record<string, unknown>> => {
  const response = await fetch(url + path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok && response.status !== 404)
    throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
  return text === '' ? {} : JSON.parse(text);
};

/** Removes every index of an installation, however many a test left. */
export const removeIndexes = async (installation: string, url = sharedUrl()): Promise<void> => {
  const found = await ask(url, ['GET', `/holdfast-${installation}-*?filter_path=*.settings.index.uuid`]);
  for (const name of Object.keys(found)) await ask(url, ['DELETE', `/${name}`]);
};

/** An index of an installation of its own, which goes with it. */
export const withTestIndex = async (
  options: Partial<TestIndexOptions> = {},
): Promise<ArchiveIndex & { readonly installation: string }> => {
  const installation = options.installation ?? newInstallation();
  const index = await openTestIndex({ ...options, installation });
  const close = index[Symbol.asyncDispose].bind(index);
  return Object.assign(index, {
    installation,
    [Symbol.asyncDispose]: async () => {
      await close();
      await removeIndexes(installation, options.url);
    },
  });
};
