import assert from 'node:assert/strict';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { openStandard } from '../../services/standard/compose.ts';
import { bytesOf, sent } from '../support/event-builder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { describeArchive, type EditionUnderTest } from './archive.scenario.ts';

/** `remove` runs once, when the last opening of the folder is disposed. */
const openIn = async (data: string, remove: () => PromiseLike<void>): Promise<EditionUnderTest> => {
  const edition = await openStandard({ data, timeZone: 'UTC' });
  await edition.ready();
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await edition[Symbol.asyncDispose]();
    isOpen = false;
  };
  return {
    archive: edition.archive,
    reopen: async ({ withoutIndex = false } = {}) => {
      await close();
      if (withoutIndex)
        for (const suffix of ['', '-wal', '-shm']) await rm(join(data, `index.db${suffix}`), { force: true });
      return openIn(data, remove);
    },
    [Symbol.asyncDispose]: async () => {
      const isLast = isOpen;
      await close();
      if (isLast) await remove();
    },
  };
};

describeArchive('Standard Edition', async () => {
  const folder = await temporaryFolder();
  return openIn(join(folder.path, 'data'), () => folder[Symbol.asyncDispose]());
});

test('S4 S64: it runs, archives and answers without any other server', async () => {
  await using folder = await temporaryFolder();
  await using edition = await openStandard({ data: join(folder.path, 'data'), timeZone: 'UTC' });
  await edition.ready();
  const { results } = await edition.archive.append([bytesOf(sent({ id: 'm', body: 'standing alone' }))]);
  await edition.archive.outcomes(
    results.flatMap((result) => ('position' in result ? [result.position] : [])),
  );
  const caller = { actor: { id: 'tester' }, purpose: 'scenario' };
  const { total } = await edition.archive.search(caller, { query: 'standing', limit: 0, sort: 'sent' });
  assert.equal(total, 1);
});

test('an older log and ledger put back beside a newer index are refused, and nothing of the index goes', async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const archive = async (...bodies: string[]): Promise<void> => {
    await using edition = await openStandard({ data, timeZone: 'UTC' });
    await edition.archive.append(bodies.map((body) => bytesOf(sent({ id: body, body }))));
    await edition.settled();
  };
  await archive('one', 'two');
  for (const name of ['log.db', 'ledger.db']) await cp(join(data, name), join(folder.path, name));
  await archive('three', 'four', 'five', 'six');
  for (const name of ['log.db', 'ledger.db']) await cp(join(folder.path, name), join(data, name));

  for (const replaceDamagedIndex of [false, true])
    await assert.rejects(
      async () => {
        await using edition = await openStandard({ data, timeZone: 'UTC', replaceDamagedIndex });
        await edition.archive.append([bytesOf(sent({ id: 'other', body: 'other' }))]);
        await edition.settled();
      },
      (error) => {
        assert(isHoldfastError(error, 'DataFolderInvalid'));
        assert.match(error.message, /ends at im \d+\/2, but the index holds .* event 5 there.*log\.db/);
        return true;
      },
    );
  {
    const options = { path: join(data, 'index.db'), partitions: 4, readOnly: true };
    await using index = await openSqliteArchiveIndex(options);
    assert.equal((await index.counts()).items, 6);
  }

  const kept = join(folder.path, 'kept');
  await mkdir(kept);
  for (const name of await readdir(data))
    if (name.startsWith('index')) await rename(join(data, name), join(kept, name));
  await archive('other');
});
