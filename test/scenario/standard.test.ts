import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
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
