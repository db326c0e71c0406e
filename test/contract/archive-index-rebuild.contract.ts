import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemId } from '../../schemas/ids.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { found, putItems } from '../support/ask-index.ts';
import { message, withReceipt } from '../support/worded-message.ts';
import type { WithIndex } from './archive-index.contract.ts';

export const describeRebuild = (withIndex: WithIndex): void => {
  test('a rebuilt index answers once it is committed; until then the old one does', () =>
    withIndex(async (index) => {
      await putItems(index, message('old', 0));
      await using rebuild = await index.rebuild();
      const items = [message('new', 0), message('newer', 1)];
      assert.deepEqual(await rebuild.put(items.map(toIndexDocument)), ['stored', 'stored']);
      assert.deepEqual(await rebuild.get([items[1]!.id, 'old' as ItemId]), [items[1], undefined]);
      assert.equal(await found(index, 'words'), 'old');
      await rebuild.commit([2, 0, 0]);
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

  test('while an index is frozen nothing can be put, and what was put but is not accounted for comes along', () =>
    withIndex(async (index) => {
      const [first, second] = [message('a', 0), message('b', 7)];
      await putItems(index, first, message('unknown', 3), second);
      const pending = withReceipt(first, 9);
      await putItems(index, pending);
      await using rebuild = await index.rebuild();
      await rebuild.put([toIndexDocument(first)]);
      await rebuild.freeze();
      const isFrozen = (error: unknown) => isHoldfastError(error, 'IndexUnavailable');
      await assert.rejects(putItems(index, message('c', 10)), isFrozen);
      await assert.rejects(index.correct([{ seen: toIndexDocument(second) }]), isFrozen);
      await rebuild.commit([5, 0, 0]);
      await index.refresh();
      assert.deepEqual(await index.get([first.id, second.id, 'unknown' as ItemId]), [
        pending,
        second,
        undefined,
      ]);
      assert.deepEqual(await putItems(index, message('c', 10)), ['stored']);
      assert.equal(await found(index, 'words'), 'a b c');
    }));

  test('a rebuild given up after it froze the index lets it go', () =>
    withIndex(async (index) => {
      {
        await using rebuild = await index.rebuild();
        await rebuild.freeze();
      }
      assert.deepEqual(await putItems(index, message('a', 0)), ['stored']);
      assert.equal(await found(index, 'words'), 'a');
    }));

  test('an index can be rebuilt again and again', () =>
    withIndex(async (index) => {
      for (const id of ['first', 'second', 'third']) {
        await using rebuild = await index.rebuild();
        await rebuild.put([toIndexDocument(message(id, 0))]);
        await rebuild.commit([1, 0, 0]);
        assert.equal(await found(index, 'words'), id);
      }
    }));
};
