import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Item } from '../../schemas/archive/item.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { found, putItems, searchIn, message as someMessage } from '../support/ask-index.ts';
import type { ItemSpec } from '../support/item-builder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { describeArchiveIndexLimits } from './archive-index-limits.contract.ts';
import { describeArchiveIndexSearch } from './archive-index-search.contract.ts';

export const partitions = 3;

/** An index of three partitions in a folder; opened twice in one folder, both are the same index. */
export type OpenIndex = (folder: string) => Promise<ArchiveIndex>;

/** Runs a test on an empty index and closes it. */
export type WithIndex = (use: (index: ArchiveIndex) => Promise<void>) => Promise<void>;

/** What every archive index promises. */
export const describeArchiveIndex = (name: string, open: OpenIndex): void => {
  const withIndex: WithIndex = async (use) => {
    await using folder = await temporaryFolder();
    await using index = await open(folder.path);
    await use(index);
  };

  describe(`archive index: ${name}`, () => {
    describePut(withIndex);
    describeConversation(withIndex);
    describeAccounts(withIndex);
    describeRebuild(withIndex);
    describeArchiveIndexSearch(withIndex);
    describeArchiveIndexLimits(withIndex);
  });
};

const message = (id: string, offset: number, spec: ItemSpec = {}): Item =>
  someMessage(id, offset, { body: `words of ${id}`, ...spec });

/** Later facts made the item newer without touching its text. */
const withReceipt = (item: Item, offset: number): Item => {
  const by = item.versions[0]!.author;
  const receipt = { eventId: `receipt-${offset}`, offset, by, at: '2024-03-02T00:00:00.000Z', kind: 'read' };
  return { ...item, newestOffset: offset, receipts: [receipt as NonNullable<Item['receipts']>[number]] };
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

const describeAccounts = (withIndex: WithIndex): void => {
  test('items are counted and the watermark is the end of the newest fact, per partition', () =>
    withIndex(async (index) => {
      assert.deepEqual(await index.searchableWatermark(), [0, 0, 0]);
      await putItems(index, message('a', 0), message('b', 7), message('c', 2, { partition: 2 }));
      await putItems(index, withReceipt(message('a', 0), 9));
      assert.deepEqual(await index.counts(), { items: 3, perPartition: [2, 0, 1] });
      assert.deepEqual(await index.searchableWatermark(), [10, 0, 3]);
    }));

  test('a scan gives every document of a partition in order, exactly as it was put', () =>
    withIndex(async (index) => {
      const items = [
        message('c', 20, { edits: [{ body: '회의록 110-234' }, { body: 'third', subject: 'sub' }] }),
        message('a', 0, { files: ['final plan.doc', 'b.txt'], complete: false }),
        message('d', 30, { deletedAt: '2024-03-05T00:00:00.000Z', imported: true }),
        message('b', 10, { originalMissing: true, edits: [{ body: 'only an edit' }] }),
        message('x', 5, { partition: 1 }),
      ];
      await putItems(index, ...items);
      const scanned = await index.scan(0, 0, 10);
      const expected = items.filter(({ partition }) => partition === 0).map(toIndexDocument);
      expected.sort((a, b) => a.firstOffset - b.firstOffset);
      assert.deepEqual(
        scanned.map(({ document }) => document),
        expected,
      );
      const part = await index.scan(0, 10, 2);
      assert.deepEqual(
        part.map(({ document }) => document.id),
        ['b', 'c'],
      );
    }));

  test('what was removed is in no answer and no count, and may be put again', () =>
    withIndex(async (index) => {
      const items = ['a', 'b', 'c'].map((id, n) => message(id, n * 10, { edits: [{ body: 'later' }] }));
      await putItems(index, ...items);
      await index.remove(['a', 'c', 'none'] as ItemId[]);
      assert.equal(await found(index, 'words'), 'b');
      assert.deepEqual(await index.counts(), { items: 1, perPartition: [1, 0, 0] });
      assert.deepEqual(await index.get([items[0]!.id]), [undefined]);
      assert.deepEqual(await putItems(index, items[0]!), ['stored']);
      assert.equal(await found(index, 'later'), 'a b');
      assert.deepEqual(await index.checkIntegrity(), []);
    }));

  test('items whose first fact is not accounted for go, and no others', () =>
    withIndex(async (index) => {
      const kept = withReceipt(message('a', 0), 12);
      await putItems(
        index,
        kept,
        message('b', 5),
        message('c', 10),
        message('d', 11),
        message('e', 20, { partition: 1 }),
      );
      assert.equal(await index.removeUnaccounted(0, 10), 2);
      assert.equal(await index.removeUnaccounted(0, 10), 0);
      assert.equal(await index.removeUnaccounted(2, 0), 0);
      assert.deepEqual(await index.counts(), { items: 3, perPartition: [2, 1, 0] });
      assert.deepEqual(await index.searchableWatermark(), [13, 21, 0]);
      assert.equal(await found(index, 'words'), 'a b e');
    }));

  test('a sound index has no faults', () =>
    withIndex(async (index) => {
      await putItems(
        index,
        message('a', 0, { edits: [{ body: 'x' }] }),
        message('b', 5, { files: ['plan'] }),
      );
      await putItems(index, message('a', 0, { edits: [{ body: 'x' }, { body: 'y' }] }));
      assert.deepEqual(await index.checkIntegrity(), []);
    }));
};

const describeRebuild = (withIndex: WithIndex): void => {
  test('a rebuilt index answers once it is committed; until then the old one does', () =>
    withIndex(async (index) => {
      await putItems(index, message('old', 0));
      await using rebuild = await index.rebuild();
      const items = [message('new', 0), message('newer', 1)];
      assert.deepEqual(await rebuild.put(items.map(toIndexDocument)), ['stored', 'stored']);
      assert.deepEqual(await rebuild.get([items[1]!.id, 'old' as ItemId]), [items[1], undefined]);
      assert.equal(await found(index, 'words'), 'old');
      await rebuild.commit();
      assert.equal(await found(index, 'words'), 'new newer');
      assert.deepEqual(await index.counts(), { items: 2, perPartition: [2, 0, 0] });
      await putItems(index, message('newest', 2));
      assert.equal(await found(index, 'words'), 'new newer newest');
    }));

  test('a rebuild that is given up leaves the index as it is', () =>
    withIndex(async (index) => {
      await putItems(index, message('old', 0));
      {
        await using rebuild = await index.rebuild();
        await rebuild.put([toIndexDocument(message('new', 0))]);
      }
      assert.equal(await found(index, 'words'), 'old');
    }));

  test('an index can be rebuilt again and again', () =>
    withIndex(async (index) => {
      for (const id of ['first', 'second', 'third']) {
        await using rebuild = await index.rebuild();
        await rebuild.put([toIndexDocument(message(id, 0))]);
        await rebuild.commit();
        assert.equal(await found(index, 'words'), id);
      }
    }));
};
