import { createPublicKey } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { indexNamesOf } from '../../../services/adapters/elasticsearch/index-names.ts';
import { readKeys } from '../../../services/adapters/files/folder-keys.ts';
import { ask, sharedUrl } from '../../support/elasticsearch-index.ts';
import { makeEnterprise } from '../../support/enterprise-installation.ts';
import { openSharedEngines } from './open-shared-engines.ts';
import type { Site } from './site.ts';

/** More than a chain archives. */
const pageSize = 10_000;
/** Far beyond what a process watches a rebuild for before it takes it for dead. */
const longestClearingMs = 10_000;

/** Topics and an index of an installation of its own; the checker is one more process of it. */
export const makeEnterpriseSite = async (): Promise<Site> => {
  await using making = new AsyncDisposableStack();
  const made = making.use(await makeEnterprise({ partitions: 4 }));
  const { settings } = made;
  const { installation } = settings.config;
  const names = indexNamesOf(installation);
  const folders = ['process', 'checker'].map((name) => join(dirname(made.path), name));
  for (const folder of folders) await mkdir(folder);
  const engines = making.use(await openSharedEngines(settings, folders[1]!));
  const setBlock = async (isBlocked: boolean): Promise<void> => {
    const body = { 'index.blocks.read_only_allow_delete': isBlocked ? true : null };
    await ask(sharedUrl(), ['PUT', `/${names.write}/_settings`], body);
  };
  const site = making.move();
  return {
    edition: 'enterprise',
    child: {
      script: join(import.meta.dirname, 'enterprise-child.ts'),
      before: made.path,
      after: [folders[0]!],
    },
    installation,
    publicKey: async () =>
      createPublicKey((await readKeys(settings.keysFolder, { readOnly: true })).publicKeyPem),
    open: async () => ({ ...engines, [Symbol.asyncDispose]: async () => undefined }),
    withLog: (work) => work(engines.log),
    engineIds: async () => {
      await engines.index.refresh();
      const path = `/${names.read}/_search?filter_path=hits.hits._id`;
      const { hits } = (await ask(sharedUrl(), ['POST', path], { size: pageSize, _source: false })) as {
        hits?: { hits: readonly { _id: string }[] };
      };
      return (hits?.hits ?? []).map(({ _id }) => _id).sort();
    },
    leftovers: async () => {
      const deadline = performance.now() + longestClearingMs;
      for (;;) {
        const indexes = Object.keys(
          await ask(sharedUrl(), ['GET', `/${names.pattern}?filter_path=*.aliases`]),
        );
        if (indexes.length === 1 || performance.now() > deadline) return indexes.slice(1);
      }
    },
    breakIndex: () => setBlock(true),
    mendIndex: () => setBlock(false),
    [Symbol.asyncDispose]: () => site.disposeAsync(),
  };
};
