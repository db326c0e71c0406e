import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ItemId } from '../../schemas/ids.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { found, putItems, searchIn } from '../support/ask-index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { message, withReceipt } from '../support/worded-message.ts';
import { describeAccounts } from './archive-index-accounts.contract.ts';
import { describeArchiveIndexLimits } from './archive-index-limits.contract.ts';
import { describeRebuild } from './archive-index-rebuild.contract.ts';
import { describeArchiveIndexSearch } from './archive-index-search.contract.ts';

export const partitions = 3;

/** An index of three partitions in a folder; opened twice in one folder, both are the same index. */
export type OpenIndex = (folder: string) => Promise<ArchiveIndex>;

/** Runs a test on an empty index and closes it. */
export type WithIndex = (use: (index: ArchiveIndex) => Promise<void>) => Promise<void>;

/** What every archive index promises. `skip`: why it cannot be asked here; `concurrency`: tests at once. */
export const describeArchiveIndex = (
  name: string,
  open: OpenIndex,
  options: { readonly skip?: string | false; readonly concurrency?: number } = {},
): void => {
  const withIndex: WithIndex = async (use) => {
    await using folder = await temporaryFolder();
    await using index = await open(folder.path);
    await use(index);
  };

  describe(`archive index: ${name}`, options, () => {
    describePut(withIndex);
    describeConversation(withIndex);
    describeAccounts(withIndex);
    describeRebuild(withIndex);
    describeArchiveIndexSearch(withIndex);
    describeArchiveIndexLimits(withIndex);
  });
};

const describePut = (withIndex: WithIndex): void => {
  test('what was put is found by the next search and given back as it was', () =>
    withIndex(async (index) => {
      const items = [message('one', 0), message('two', 1, { edits: [{ body: 'second words' }] })];
      assert.deepEqual(await putItems(index, ...items), ['stored', 'stored']);
      assert.deepEqual(await index.get(['two', 'none', 'one', 'two'] as ItemId[]), [
        items[1],
        undefined,
        items[0],
        items[1],
      ]);
      assert.equal(await found(index, 'words'), 'one two');
    }));

  test('nothing put is nothing changed', () =>
    withIndex(async (index) => {
      assert.deepEqual(await index.put([]), []);
      assert.deepEqual(await index.get([]), []);
      assert.deepEqual(await index.counts(), { items: 0, perPartition: [0, 0, 0] });
    }));

  test('putting the same again, or an older state, changes nothing', () =>
    withIndex(async (index) => {
      const old = message('one', 0);
      const newer = message('one', 0, { edits: [{ body: 'changed' }] });
      assert.deepEqual(await putItems(index, old), ['stored']);
      assert.deepEqual(await putItems(index, newer), ['stored']);
      assert.deepEqual(await putItems(index, old, newer), ['unchanged', 'unchanged']);
      assert.deepEqual(await index.get([old.id]), [newer]);
      assert.equal((await index.counts()).items, 1);
    }));

  test('several states of one item in one batch leave the newest', () =>
    withIndex(async (index) => {
      const first = message('one', 0);
      const last = message('one', 0, { edits: [{ body: 'two' }, { body: 'three' }] });
      const middle = message('one', 0, { edits: [{ body: 'two' }] });
      assert.deepEqual(await putItems(index, first, last, middle), ['stored', 'stored', 'unchanged']);
      assert.equal(await found(index, 'three'), 'one');
      assert.equal((await index.counts()).items, 1);
    }));

  test('an id that another partition owns is occupied, and stays what it was', () =>
    withIndex(async (index) => {
      const owned = message('one', 5);
      await putItems(index, owned);
      const other = message('one', 9, { partition: 1, body: 'other' });
      assert.deepEqual(await putItems(index, other, message('two', 10, { partition: 1 })), [
        'occupied',
        'stored',
      ]);
      assert.deepEqual(await index.get([owned.id]), [owned]);
      assert.equal(await found(index, 'other'), '');
    }));

  test('a newer state replaces words, versions and facts', () =>
    withIndex(async (index) => {
      await putItems(index, message('one', 0, { body: 'alpha' }), message('two', 10, { body: 'alpha' }));
      await putItems(index, message('one', 0, { body: 'alpha', edits: [{ body: 'beta' }] }));
      assert.equal(await found(index, 'alpha version:latest'), 'two');
      assert.equal(await found(index, 'beta'), 'one');
      const [hit] = (await searchIn(index, 'alpha OR beta', { sort: 'conversation' })).hits;
      assert.deepEqual(hit?.versions, [1, 2]);
      await putItems(index, message('two', 10, { body: 'alpha', deletedAt: '2024-03-05T00:00:00.000Z' }));
      assert.equal(await found(index, 'deleted:true'), 'two');
      assert.equal(await found(index, 'version:latest'), 'one');
    }));

  test('a receipt changes the item and not what is found', () =>
    withIndex(async (index) => {
      const item = message('one', 0);
      await putItems(index, item);
      const read = withReceipt(item, 3);
      assert.deepEqual(await putItems(index, read), ['stored']);
      assert.deepEqual(await index.get([item.id]), [read]);
      assert.equal(await found(index, 'words'), 'one');
      assert.deepEqual(await index.searchableWatermark(), [4, 0, 0]);
    }));

  test('an item without a version is kept and counted, and no query finds it until it has one', () =>
    withIndex(async (index) => {
      const empty = message('one', 0, { originalMissing: true, deletedAt: '2024-03-05T00:00:00.000Z' });
      await putItems(index, empty);
      assert.deepEqual(await index.get([empty.id]), [empty]);
      assert.equal((await index.counts()).items, 1);
      assert.equal(await found(index, 'NOT words'), '');
      const whole = message('one', 0, {
        edits: [{ body: 'words' }, { body: 'words' }],
        deletedAt: '2024-03-05T00:00:00.000Z',
      });
      await putItems(index, whole);
      assert.equal(await found(index, 'words'), 'one');
      assert.deepEqual((await searchIn(index, 'words')).hits[0]?.versions, [1, 2, 3]);
    }));
};

const describeConversation = (withIndex: WithIndex): void => {
  const conversation = (id: string) => ({ id });
  const fill = async (index: ArchiveIndex): Promise<void> => {
    const mine = Array.from({ length: 10 }, (_, n) =>
      message(`m${n}`, n * 2, { conversation: conversation('c1'), session: n < 6 ? 'day 1' : 'day 2' }),
    );
    const others = Array.from({ length: 5 }, (_, n) =>
      message(`o${n}`, n * 2 + 1, { conversation: conversation('c2'), session: 'day 1' }),
    );
    await putItems(index, ...mine, ...others);
  };
  const page = async (index: ArchiveIndex, range: object) => {
    const { items, hasBefore, hasAfter } = await index.conversation({
      conversation: 'c1',
      limit: 3,
      ...range,
    });
    return [items.map(({ id }) => id).join(' '), hasBefore, hasAfter];
  };

  test('a conversation is paged both ways in order of position', () =>
    withIndex(async (index) => {
      await fill(index);
      assert.deepEqual(await page(index, {}), ['m7 m8 m9', true, false]);
      assert.deepEqual(await page(index, { before: 14 }), ['m4 m5 m6', true, true]);
      assert.deepEqual(await page(index, { before: 4 }), ['m0 m1', false, true]);
      assert.deepEqual(await page(index, { from: 0 }), ['m0 m1 m2', false, true]);
      assert.deepEqual(await page(index, { from: 3 }), ['m2 m3 m4', true, true]);
      assert.deepEqual(await page(index, { from: 16 }), ['m8 m9', true, false]);
      assert.deepEqual(await page(index, { from: 100 }), ['', true, false]);
      assert.deepEqual(await page(index, { before: 0 }), ['', false, true]);
      assert.deepEqual(await page(index, { limit: 100 }), ['m0 m1 m2 m3 m4 m5 m6 m7 m8 m9', false, false]);
    }));

  test('a session is paged as if it were alone', () =>
    withIndex(async (index) => {
      await fill(index);
      assert.deepEqual(await page(index, { session: 'day 1' }), ['m3 m4 m5', true, false]);
      assert.deepEqual(await page(index, { session: 'day 2', from: 0 }), ['m6 m7 m8', false, true]);
      assert.deepEqual(await page(index, { session: 'day 2', before: 14 }), ['m6', false, true]);
    }));

  test('an unknown conversation or session is an empty page', () =>
    withIndex(async (index) => {
      await fill(index);
      assert.deepEqual(await page(index, { conversation: 'none' }), ['', false, false]);
      assert.deepEqual(await page(index, { session: 'none' }), ['', false, false]);
    }));
};
