import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { isHoldfastError } from '../../services/core/errors.ts';
import { found, message, putItems } from '../support/ask-index.ts';
import {
  ask,
  newInstallation,
  openTestIndex,
  removeIndexes,
  sharedUrl,
  type TestIndexOptions,
  withTestIndex,
} from '../support/elasticsearch-index.ts';
import { needsEngines } from '../support/engines.ts';

/** An index of its own, changed behind our back. */
const changed = async (
  change: (names: { first: string; read: string; write: string }) => Promise<unknown>,
  use: (installation: string) => Promise<void>,
): Promise<void> => {
  const installation = newInstallation();
  try {
    await using index = await openTestIndex({ installation });
    await putItems(index, message('a', 0));
    await change(namesOf(installation));
    await use(installation);
  } finally {
    await removeIndexes(installation);
  }
};

const namesOf = (installation: string) => ({
  first: `holdfast-${installation}-g1-000001`,
  second: `holdfast-${installation}-g1-000002`,
  read: `holdfast-${installation}-read`,
  write: `holdfast-${installation}-write`,
});

const refuses = async (options: TestIndexOptions, pattern: RegExp): Promise<void> => {
  await assert.rejects(openTestIndex(options), (error: unknown) => {
    assert.ok(isHoldfastError(error, 'InvalidConfig'), String(error));
    assert.match(error.message, pattern);
    for (const part of ['what', 'expected', 'found', 'fix']) assert.ok(error.details[part], part);
    return true;
  });
};

const es = (method: string, path: string, body?: object) => ask(sharedUrl(), [method, path], body);

describe('opening an index in Elasticsearch', { skip: needsEngines }, () => {
  test('of eight processes that start at once one makes the index, and all use it', async () => {
    const installation = newInstallation();
    const indexes = await Promise.all(Array.from({ length: 8 }, () => openTestIndex({ installation })));
    try {
      await Promise.all(indexes.map((index, n) => putItems(index, message(`i${n}`, n))));
      assert.equal((await indexes[0]!.counts()).items, 8);
      const all = await es('GET', `/holdfast-${installation}-*?filter_path=*.settings.index.uuid`);
      assert.deepEqual(Object.keys(all), [namesOf(installation).first]);
    } finally {
      for (const index of indexes) await index[Symbol.asyncDispose]();
      await removeIndexes(installation);
    }
  });

  test('the development profile says what one node cannot promise', async () => {
    const notices: string[] = [];
    await using _index = await withTestIndex({ notice: (text) => notices.push(text) });
    assert.equal(notices.length, 1);
    assert.match(notices[0]!, /one copy on one node/);
  });

  test('an alias that leads to two indexes is refused', () =>
    changed(
      async ({ read }) => {
        const second = `${read.replace(/read$/, 'g1-000002')}`;
        await es('PUT', `/${second}`);
        await es('POST', '/_aliases', { actions: [{ add: { index: second, alias: read } }] });
      },
      (installation) => refuses({ installation }, /alias .*-read: expected one index .*000001, .*000002/),
    ));

  test('aliases that lead to different indexes are refused', () =>
    changed(
      async ({ first, write }) => {
        const second = first.replace(/1$/, '2');
        await es('PUT', `/${second}`);
        await es('POST', '/_aliases', {
          actions: [{ remove: { index: first, alias: write } }, { add: { index: second, alias: write } }],
        });
      },
      (installation) => refuses({ installation }, /the same index, found .*000001 and .*000002/),
    ));

  test('an alias that leads to an index of somebody else is refused', () =>
    changed(
      async ({ first, read, write }) => {
        const other = first.replace(/g1-000001$/, 'notes');
        await es('PUT', `/${other}`);
        await es('POST', '/_aliases', {
          actions: [read, write].flatMap((alias) => [
            { remove: { index: first, alias } },
            { add: { index: other, alias } },
          ]),
        });
      },
      (installation) => refuses({ installation }, /expected one index of .*-g1-\*, found .*-notes/),
    ));

  test('an index whose alias is gone is not replaced by an empty one', () =>
    changed(
      ({ first, write }) =>
        es('POST', '/_aliases', { actions: [{ remove: { index: first, alias: write } }] }),
      (installation) => refuses({ installation }, /alias .*-write: expected one index .* found none/),
    ));

  test('weakened durability is refused, and so is every other setting that was changed', async () => {
    const weakened = [
      ['index.translog.durability', 'async'],
      ['index.refresh_interval', '1s'],
      ['index.merge.policy.expunge_deletes_allowed', '10'],
      ['index.write.wait_for_active_shards', '0'],
    ] as const;
    for (const [setting, value] of weakened)
      await changed(
        ({ first }) => es('PUT', `/${first}/_settings`, { [setting]: value }),
        (installation) => refuses({ installation }, new RegExp(`${setting} of index .* found ${value}`)),
      );
  });

  test('one copy is not enough in production', () =>
    changed(
      async () => undefined,
      (installation) =>
        refuses({ installation, profile: 'production' }, /number_of_replicas .* expected 1, found 0/),
    ));

  test('an index of another mapping is refused, and accepted for a rebuild that replaces it', () =>
    changed(
      ({ first }) => es('PUT', `/${first}/_mapping`, { properties: { surprise: { type: 'keyword' } } }),
      async (installation) => {
        await refuses({ installation }, /at properties.surprise.type: expected nothing, found keyword/);
        await using index = await openTestIndex({ installation, forRebuild: true });
        await using rebuild = await index.rebuild();
        await rebuild.commit([0, 0, 0]);
        await using opened = await openTestIndex({ installation });
        assert.equal(await found(opened, 'alpha'), 'a');
      },
    ));

  test('an index of another analyzer, partition count or installation is refused', async () => {
    const others = [
      ['analyzerVersion', 0],
      ['partitions', 12],
      ['installation', 'someone'],
    ] as const;
    for (const [name, value] of others)
      await changed(
        async ({ first }) => {
          const described = await es('GET', `/${first}/_mapping`);
          const { _meta } = Object(described[first]).mappings;
          await es('PUT', `/${first}/_mapping`, { _meta: { ..._meta, [name]: value } });
        },
        (installation) => refuses({ installation }, new RegExp(`${name} of index .* found ${value}`)),
      );
  });

  test('where nobody listens, and where nobody answers, opening fails within the timeout and says so', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const silent = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const [connection, pattern] of [
      [{ nodes: ['http://127.0.0.1:9'] }, /was not reached: .*ECONNREFUSED/],
      [{ nodes: [silent], requestTimeoutMs: 200 }, /did not answer within 200 ms/],
    ] as const)
      await assert.rejects(
        openTestIndex({ installation: newInstallation(), connection }),
        (error: unknown) => isHoldfastError(error, 'IndexUnavailable') && pattern.test(error.message),
      );
    server.close();
  });
});
