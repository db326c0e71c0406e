import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import { Refresher } from '../../services/adapters/elasticsearch/refresher.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { ArchiveIndex, PutOutcome } from '../../services/ports/archive-index.ts';
import { found, message, putItems } from '../support/ask-index.ts';
import {
  newInstallation,
  openTestIndex,
  removeIndexes,
  withTestIndex,
} from '../support/elasticsearch-index.ts';
import { needsEngines } from '../support/engines.ts';

/** A document whose conversation no keyword field takes: over 32,766 bytes. */
const poisonous = (id: string, offset: number): IndexDocument => ({
  ...toIndexDocument(message(id, offset)),
  conversation: 'secret'.repeat(6_000) as IndexDocument['conversation'],
});

/** State `n` of an item: so many edits. */
const stateOf = (id: string, offset: number, n: number): IndexDocument =>
  toIndexDocument(
    message(id, offset, { edits: Array.from({ length: n }, (_, edit) => ({ body: `word${edit}` })) }),
  );

describe('putting into Elasticsearch', { skip: needsEngines }, () => {
  test('a poisonous item fails alone, by name and without its content, and all others are stored', async () => {
    await using index = await withTestIndex();
    const good = Array.from({ length: 20 }, (_, n) => toIndexDocument(message(`g${n}`, n)));
    const batch = [...good.slice(0, 7), poisonous('bad', 30), ...good.slice(7)];
    await assert.rejects(index.put(batch), (error: unknown) => {
      assert.ok(isHoldfastError(error, 'BadRequest'), String(error));
      assert.equal(error.details.itemId, 'bad');
      assert.match(error.message, /item bad: 400 .* in field conversation/);
      assert.ok(!`${error.message} ${JSON.stringify(error.details)}`.includes('secret'));
      return true;
    });
    await index.refresh();
    assert.deepEqual(await index.counts(), { items: 20, perPartition: [20, 0, 0] });
    assert.deepEqual(new Set(await index.put(good)), new Set(['unchanged']));
  });

  test('of many processes that put states of the same items in any order, the newest state stays', async (t) => {
    const installation = newInstallation();
    const writers = await Promise.all(Array.from({ length: 4 }, () => openTestIndex({ installation })));
    try {
      const items = Array.from({ length: 8 }, (_, n) => ({ id: `item${n}`, offset: n * 100 }));
      const states = items.flatMap(({ id, offset }) =>
        Array.from({ length: 6 }, (_, n) => stateOf(id, offset, n)),
      );
      const outcomes = await Promise.all(
        writers.flatMap((writer, w) =>
          [0, 1, 2].map((turn) =>
            writer.put(
              states.filter((_, at) => (at * 7 + w + turn) % 3 === 0).toSorted(bySomeOrder(w + turn)),
            ),
          ),
        ),
      );
      assert.ok(outcomes.flat().every((outcome: PutOutcome) => outcome !== 'occupied'));
      await writers[0]!.refresh();
      const stored = await writers[1]!.touched(0, { from: 0, to: 1_000_000, limit: 100 });
      const expected = items.map(({ id, offset }) => stateOf(id, offset, 5));
      const wrong = expected.filter(
        ({ id, itemHash }) =>
          stored.filter(({ document }) => document.id === id && document.itemHash === itemHash).length !== 1,
      );
      t.diagnostic(
        `states attempted ${states.length * 4}, violated ${wrong.length + stored.length - items.length}`,
      );
      assert.deepEqual(
        stored.map(({ document }) => document),
        expected,
      );
    } finally {
      for (const writer of writers) await writer[Symbol.asyncDispose]();
      await removeIndexes(installation);
    }
  });

  test('of two partitions that put one id at once, one owns it', async () => {
    await using index = await withTestIndex();
    const both = [0, 1].map((partition) =>
      Array.from({ length: 200 }, (_, n) => toIndexDocument(message(`i${n}`, n, { partition }))),
    );
    const [first = [], second = []] = await Promise.all(both.map((documents) => index.put(documents)));
    const pairs = first.map((outcome, n) => [outcome, second[n]].sort().join(' '));
    assert.deepEqual(new Set(pairs), new Set(['occupied stored']));
    await index.refresh();
    assert.equal((await index.counts()).items, 200);
  });

  test('of many corrections of one state one is done', async () => {
    await using index = await withTestIndex();
    await putItems(index, message('a', 0, { edits: [{ body: 'beta' }] }));
    const seen = stateOfStored(await index.scan(0, 0, 1));
    const corrections = Array.from({ length: 6 }, (_, n) => ({
      seen,
      becomes: toIndexDocument(message('a', 0, { body: `alpha only${n}` })),
    }));
    const done = (await Promise.all(corrections.map((one) => index.correct([one])))).flat();
    assert.equal(done.filter(Boolean).length, 1);
    await index.refresh();
    assert.equal(await found(index, `only${done.indexOf(true)}`), 'a');
  });

  test('a correction twice in one call is done once', async () => {
    await using index = await withTestIndex();
    await putItems(index, message('a', 0));
    const seen = stateOfStored(await index.scan(0, 0, 1));
    const becomes = toIndexDocument(message('a', 0, { body: 'other' }));
    assert.deepEqual(await index.correct([{ seen, becomes }, { seen }]), [true, false]);
  });

  test('documents of several megabytes, and hundreds of versions, go through and come back', async () => {
    await using index = await withTestIndex();
    const words = Array.from({ length: 150_000 }, (_, n) => `w${n % 1000}`).join(' ');
    const items = [
      ...Array.from({ length: 12 }, (_, n) => message(`big${n}`, n, { body: `${words} n${n}` })),
      message('edited', 100, { edits: Array.from({ length: 300 }, (_, n) => ({ body: `edit ${n}` })) }),
    ];
    assert.deepEqual(new Set(await putItems(index, ...items)), new Set(['stored']));
    assert.deepEqual(await index.get(items.map(({ id }) => id)), items);
    assert.equal(await found(index, 'n7'), 'big7');
  });

  test('an alias that disappears is an error, never a new index', async () => {
    const installation = newInstallation();
    await using index = await openTestIndex({ installation });
    await removeIndexes(installation);
    const isUnavailable = (error: unknown) => isHoldfastError(error, 'IndexUnavailable');
    await assert.rejects(index.put([toIndexDocument(message('a', 0))]), isUnavailable);
    await assert.rejects(index.put([stateOf('b', 1, 1)]), isUnavailable);
    await assert.rejects(index.counts(), isUnavailable);
    await using again = await openTestIndex({ installation });
    assert.equal((await again.counts()).items, 0);
    await removeIndexes(installation);
  });
});

describe('refreshes', () => {
  test('a caller that comes while one runs waits for the next, which all such callers share', async () => {
    const running: (() => void)[] = [];
    const refresher = new Refresher(() => new Promise((resolve) => running.push(resolve)));
    const ended: string[] = [];
    const note = (name: string) => refresher.refresh().then(() => ended.push(name));
    const all = [note('first'), note('second'), note('third')];
    assert.equal(running.length, 1);
    running[0]!();
    await all[0];
    await Promise.resolve();
    assert.deepEqual(ended, ['first']);
    assert.equal(running.length, 2);
    all.push(note('fourth'));
    running[1]!();
    await all[2];
    assert.deepEqual(ended, ['first', 'second', 'third']);
    assert.equal(running.length, 3);
    running[2]!();
    await all[3];
    assert.equal(running.length, 3);
  });

  test('a refresh that fails fails for those who waited for it, and not for the next', async () => {
    let count = 0;
    const refresher = new Refresher(async () => {
      count += 1;
      if (count === 1) throw new Error('failed');
    });
    const [first, second] = await Promise.allSettled([refresher.refresh(), refresher.refresh()]);
    assert.deepEqual([first.status, second.status], ['rejected', 'fulfilled']);
  });
});

const stateOfStored = (stored: Awaited<ReturnType<ArchiveIndex['scan']>>): IndexDocument =>
  stored[0]!.document;

/** Another order for each seed. */
const bySomeOrder =
  (seed: number) =>
  (a: IndexDocument, b: IndexDocument): number =>
    ((a.newestOffset * 31 + seed * 17) % 97) - ((b.newestOffset * 31 + seed * 17) % 97);
