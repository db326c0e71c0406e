import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemId } from '../../schemas/ids.ts';
import { itemHash } from '../../services/core/item/canonical.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { found, putItems } from '../support/ask-index.ts';
import { message, withReceipt } from '../support/worded-message.ts';
import type { WithIndex } from './archive-index.contract.ts';

/** What archiver and verifier need of an index. */
export const describeAccounts = (withIndex: WithIndex): void => {
  test('items are counted and the watermark is the end of the newest fact, per partition', () =>
    withIndex(async (index) => {
      assert.deepEqual(await index.searchableWatermark(), [0, 0, 0]);
      await putItems(index, message('a', 0), message('b', 7), message('c', 2, { partition: 2 }));
      await putItems(index, withReceipt(message('a', 0), 9));
      assert.deepEqual(await index.counts(), { items: 3, perPartition: [2, 0, 1] });
      assert.deepEqual(await index.searchableWatermark(), [10, 0, 3]);
      await putItems(index, message('d', 12), message('e', 1, { partition: 1 }));
      assert.deepEqual(await index.searchableWatermark(), [13, 2, 3]);
      await index.remove([message('a', 0).id, message('d', 12).id]);
      await index.refresh();
      assert.deepEqual(await index.searchableWatermark(), [8, 2, 3]);
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
      await index.refresh();
      assert.equal(await found(index, 'words'), 'b');
      assert.deepEqual(await index.counts(), { items: 1, perPartition: [1, 0, 0] });
      assert.deepEqual(await index.get([items[0]!.id]), [undefined]);
      assert.deepEqual(await putItems(index, items[0]!), ['stored']);
      assert.equal(await found(index, 'later'), 'a b');
      assert.deepEqual(await index.checkIntegrity(), []);
    }));

  test('items are counted up to an offset of each partition by where they begin', () =>
    withIndex(async (index) => {
      await putItems(
        index,
        withReceipt(message('a', 0), 12),
        message('b', 5),
        message('c', 10),
        message('d', 20, { partition: 1 }),
      );
      const below = async (...offsets: number[]) => {
        const { items, perPartition } = await index.counts(offsets);
        assert.equal(await index.itemsBelow(offsets), items);
        return perPartition;
      };
      assert.deepEqual(await below(10, 0, 5), [2, 0, 0]);
      assert.deepEqual(await below(11, 21, 0), [3, 1, 0]);
      assert.deepEqual(await below(0, 20, 0), [0, 0, 0]);
    }));

  test('documents are read in the order of their newest fact', () =>
    withIndex(async (index) => {
      const items = [withReceipt(message('a', 0), 12), message('b', 5), message('c', 10), message('d', 13)];
      await putItems(index, ...items, message('x', 11, { partition: 1 }));
      const touched = async (from: number, to: number, limit = 10) =>
        (await index.touched(0, { from, to, limit })).map(({ document }) => document);
      assert.deepEqual(await touched(10, 13), [items[2]!, items[0]!].map(toIndexDocument));
      assert.deepEqual(await touched(0, 100, 2), [items[1]!, items[2]!].map(toIndexDocument));
      assert.deepEqual(await touched(14, 100), []);
    }));

  test('a document is corrected, even to an older state, only while it is as it was seen', () =>
    withIndex(async (index) => {
      const [first, second, third] = [message('a', 0), message('b', 5), message('c', 7)];
      const stray = withReceipt(first, 12);
      await putItems(index, stray, second, third);
      const newer = withReceipt(second, 14);
      await putItems(index, newer);
      const corrected = await index.correct([
        { seen: toIndexDocument(stray), becomes: toIndexDocument(first) },
        { seen: toIndexDocument(second) },
        { seen: toIndexDocument(third) },
        { seen: toIndexDocument(message('none', 9)) },
      ]);
      await index.refresh();
      assert.deepEqual(corrected, [true, false, true, false]);
      assert.deepEqual(await index.get([first.id, second.id, third.id]), [first, newer, undefined]);
      assert.equal(await found(index, 'words'), 'a b');
      assert.deepEqual(await index.counts(), { items: 2, perPartition: [2, 0, 0] });
      assert.deepEqual(await index.searchableWatermark(), [15, 0, 0]);
      assert.deepEqual(await putItems(index, withReceipt(first, 12), third), ['stored', 'stored']);
      assert.equal(await found(index, 'words'), 'a b c');
      assert.deepEqual(await index.checkIntegrity(), []);
    }));

  test('another state with the same newest fact takes the place of the first', () =>
    withIndex(async (index) => {
      const [one, other] = [message('a', 0, { body: 'words one' }), message('a', 0, { body: 'words other' })];
      assert.deepEqual(await putItems(index, one), ['stored']);
      assert.deepEqual(await putItems(index, other), ['stored']);
      assert.deepEqual(await putItems(index, other), ['unchanged']);
      assert.deepEqual(await index.get([one.id]), [other]);
      assert.equal(await found(index, 'one'), '');
      assert.equal(await found(index, 'other'), 'a');
    }));

  test('a document made from another state than the one there is, or from none, is not taken', () =>
    withIndex(async (index) => {
      const first = message('a', 0, { body: 'words one' });
      const [second, third] = [withReceipt(first, 3), withReceipt(first, 7)];
      const put = (item: typeof first, basis?: typeof first) =>
        index.put([toIndexDocument(item)], new Map(basis === undefined ? [] : [[basis.id, itemHash(basis)]]));
      assert.deepEqual(await put(first), ['stored']);
      assert.deepEqual(await put(second), ['unchanged']);
      assert.deepEqual(await put(second, first), ['stored']);
      assert.deepEqual(await put(third, first), ['unchanged']);
      assert.deepEqual(await index.get([first.id]), [second]);
      assert.deepEqual(await put(message('a', 9, { partition: 1 }), second), ['occupied']);
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
