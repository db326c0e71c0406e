import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ElasticsearchDocument } from '../../schemas/archive/index-document.ts';
import { arbitraryItems, partitions as arbitraryPartitions } from '../support/arbitrary-items.ts';
import { message, putItems } from '../support/ask-index.ts';
import { ask, newInstallation, sharedUrl, withTestIndex } from '../support/elasticsearch-index.ts';
import { needsEngines } from '../support/engines.ts';

const es = (method: string, path: string, body?: object) => ask(sharedUrl(), [method, path], body);

type Tamper = (document: ElasticsearchDocument) => unknown;

/** Each changes one stored document behind our back; what is said of it. */
const tampers: readonly (readonly [string, Tamper, RegExp])[] = [
  ['a word of its tokens', withVersion({ body: 'beta' }), /stored otherwise than its item says: versions$/],
  [
    'a version less',
    (document) => ({ ...document, versions: [] }),
    /otherwise than its item says: versions$/,
  ],
  ['its time', (document) => ({ ...document, sent: document.sent + 1 }), /says: sent$/],
  ['its sender', (document) => ({ ...document, sender: 'eve@contoso.com' }), /says: sender$/],
  ['its hash', (document) => ({ ...document, itemHash: '0'.repeat(64) }), /says: itemHash$/],
  ['its item', (document) => ({ ...document, item: document.item.slice(1) }), /its item cannot be read$/],
  ['another id', (document) => ({ ...document, id: 'other' }), /another id than its own$/],
];

function withVersion(change: object): Tamper {
  return (document) => ({ ...document, versions: [{ ...document.versions[0], ...change }] });
}

describe('the integrity of an index in Elasticsearch', { skip: needsEngines }, () => {
  test('every change of a stored document is found and names it', async (t) => {
    await using index = await withTestIndex();
    const items = Array.from({ length: 12 }, (_, n) =>
      message(`i${n}`, n * 10, n % 3 === 0 ? { edits: [{ body: 'later' }], files: ['plan'] } : {}),
    );
    await putItems(index, ...items);
    assert.deepEqual(await index.checkIntegrity(), []);
    const path = `/holdfast-${index.installation}-write/_doc/i1`;
    const document = (await es('GET', path))._source as ElasticsearchDocument;
    let found = 0;
    for (const [what, tamper, pattern] of tampers) {
      await es('PUT', path, tamper(document) as object);
      await index.refresh();
      const faults = await index.checkIntegrity();
      assert.ok(faults.length > 0, what);
      assert.ok(
        faults.every(({ itemId }) => itemId === 'i1'),
        what,
      );
      assert.ok(
        faults.some(({ fault }) => pattern.test(fault)),
        `${what}: ${JSON.stringify(faults)}`,
      );
      found += 1;
    }
    t.diagnostic(`attempted ${tampers.length}, violated ${tampers.length - found}`);
    await es('PUT', path, document);
    await index.refresh();
    assert.deepEqual(await index.checkIntegrity(), []);
  });

  test('no item that the archive can hold is taken for tampered with', async (t) => {
    const seed = Number.parseInt(newInstallation().slice(0, 8), 16) | 0;
    t.diagnostic(`seed ${seed}`);
    const [items = []] = fc.sample(arbitraryItems(400), { numRuns: 1, seed });
    await using index = await withTestIndex({ partitions: arbitraryPartitions });
    await putItems(index, ...items);
    assert.deepEqual(await index.checkIntegrity(), []);
  });

  test('a setting that was weakened while it ran is found', async () => {
    await using index = await withTestIndex();
    await es('PUT', `/holdfast-${index.installation}-write/_settings`, {
      'index.translog.durability': 'async',
    });
    const [fault] = await index.checkIntegrity();
    assert.match(fault?.fault ?? '', /durability .* expected request, found async/);
  });

  test('what somebody put into a partition that there is not is counted, and is the end of none', async () => {
    await using index = await withTestIndex();
    await putItems(index, message('a', 4), message('x', 6, { partition: 9 }));
    for (let time = 0; time < 2; time += 1) assert.deepEqual(await index.searchableWatermark(), [5, 0, 0]);
    assert.deepEqual(await index.counts(), { items: 2, perPartition: [1, 0, 0] });
    assert.equal(await index.itemsBelow([5, 0, 0]), 1);
  });

  test('an index of several shards and thousands of items is walked whole', async () => {
    await using index = await withTestIndex({ shards: 3 });
    const items = Array.from({ length: 2_300 }, (_, n) => message(`i${n}`, n, { partition: n % 3 }));
    await putItems(index, ...items);
    assert.deepEqual(await index.checkIntegrity(), []);
    const path = `/holdfast-${index.installation}-write/_doc/i2299`;
    const document = (await es('GET', path))._source as ElasticsearchDocument;
    await es('PUT', path, { ...document, newestOffset: document.newestOffset + 1 });
    await index.refresh();
    assert.deepEqual(
      (await index.checkIntegrity()).map(({ itemId }) => itemId),
      ['i2299'],
    );
    assert.equal((await index.scan(2, 0, 10_000)).length, 766);
    assert.deepEqual((await index.counts([300, 30, 0])).perPartition, [100, 10, 0]);
  });
});
