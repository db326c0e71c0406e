import { createPublicKey } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDataFolder } from '../../../services/adapters/files/data-folder.ts';
import { readKeys } from '../../../services/adapters/files/folder-keys.ts';
import { liveFileOf } from '../../../services/adapters/sqlite/archive-index/live-file.ts';
import { openSqliteArchiveIndex } from '../../../services/adapters/sqlite/open-archive-index.ts';
import { openSqliteEventLog } from '../../../services/adapters/sqlite/open-event-log.ts';
import { openSqliteLedger } from '../../../services/adapters/sqlite/open-ledger.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { Site } from './site.ts';

const refusal = `CREATE TRIGGER refusal BEFORE INSERT ON item BEGIN SELECT RAISE(ABORT, 'made by a test'); END`;

/** A data folder and the Standard Edition over it. */
export const makeStandardSite = async (): Promise<Site> => {
  const folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const { installation, partitions, paths } = await makeFolder(data);
  const openLog = (readOnly: boolean) =>
    openSqliteEventLog({ path: paths.log, partitions, clock: systemClock, readOnly });
  const change = (sql: string): void => {
    using db = new DatabaseSync(liveFileOf(paths.index)!);
    db.exec(sql);
  };
  return {
    edition: 'standard',
    child: { script: join(import.meta.dirname, 'standard-child.ts'), before: data, after: [] },
    installation,
    publicKey: async () =>
      createPublicKey((await readKeys(join(data, 'keys'), { readOnly: true })).publicKeyPem),
    open: async () => {
      await using opening = new AsyncDisposableStack();
      const log = opening.use(await openLog(true));
      const ledger = opening.use(await openSqliteLedger({ path: paths.ledger, readOnly: true }));
      const index = opening.use(
        await openSqliteArchiveIndex({ path: paths.index, partitions: partitions.im, readOnly: true }),
      );
      const open = opening.move();
      return { log, ledger, index, [Symbol.asyncDispose]: () => open.disposeAsync() };
    },
    withLog: async (work) => {
      await using log = await openLog(false);
      return await work(log);
    },
    engineIds: async () => {
      using db = new DatabaseSync(liveFileOf(paths.index)!, { readOnly: true });
      return db
        .prepare('SELECT id FROM item ORDER BY id')
        .all()
        .map(({ id }) => String(id));
    },
    leftovers: async () => {
      const live = basename(liveFileOf(paths.index)!);
      return readdirSync(data).filter((name) => /^index-/.test(name) && !name.startsWith(live));
    },
    breakIndex: async () => change(refusal),
    mendIndex: async () => change('DROP TRIGGER refusal'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
};

const makeFolder = async (data: string) => {
  await using folder = await openDataFolder(data);
  return folder;
};
