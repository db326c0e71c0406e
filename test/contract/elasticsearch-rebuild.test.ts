import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isHoldfastError } from '../../services/core/errors.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { ArchiveIndex, IndexRebuild } from '../../services/ports/archive-index.ts';
import { found, message, putItems } from '../support/ask-index.ts';
import {
  ask,
  newInstallation,
  openTestIndex,
  removeIndexes,
  sharedUrl,
} from '../support/elasticsearch-index.ts';
import { PutLoad, violationsOf } from '../support/elasticsearch-load.ts';
import { needsEngines } from '../support/engines.ts';
import { type StubServer, startPassThrough } from '../support/stub-server.ts';
import { until } from '../support/until.ts';

/** For rebuilds that are dead; a live one may be slow to beat on a loaded machine. */
const beatMs = 50;
const liveBeatMs = 2_000;

const es = (method: string, path: string, body?: object) => ask(sharedUrl(), [method, path], body);

/** As many processes as it opens, on an installation that goes with them. */
const withProcesses = async (
  { count, every = liveBeatMs }: { readonly count: number; readonly every?: number },
  use: (indexes: readonly ArchiveIndex[], installation: string) => Promise<void>,
): Promise<void> => {
  const installation = newInstallation();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => removeIndexes(installation));
  const indexes: ArchiveIndex[] = [];
  for (let n = 0; n < count; n += 1)
    indexes.push(stack.use(await openTestIndex({ installation, beatMs: every })));
  await use(indexes, installation);
};

/** Through a server that stands before the engine, with nothing going on but what it is asked for. */
const openBetween = ({ address }: StubServer, installation: string): Promise<ArchiveIndex> =>
  openTestIndex({ installation, url: `http://${address}`, beatMs, asItIs: true });

const concreteOf = async (installation: string): Promise<string[]> =>
  Object.keys(await es('GET', `/holdfast-${installation}-*?filter_path=*.settings.index.uuid`))
    .map((name) => name.slice(-6))
    .sort();

/** Of the first rebuild; where it beats once a minute, the next one is far. */
const firstBeat = (installation: string): Promise<void> =>
  until(async () => {
    const mapping = await es('GET', `/holdfast-${installation}-g1-000002/_mapping`);
    return JSON.stringify(mapping).includes('-1"');
  });

/** What a rebuilder that was killed leaves: an index that nobody fills, and the block. */
const leaveDeadRebuild = async (installation: string): Promise<void> => {
  await es('PUT', `/holdfast-${installation}-g1-000002`, { mappings: { _meta: { beat: 'of the dead' } } });
  await es('PUT', `/holdfast-${installation}-g1-000001/_block/write`);
};

describe('rebuilding an index in Elasticsearch', { skip: needsEngines }, () => {
  test('a second rebuild is refused while the first is alive, which is not harmed', () =>
    withProcesses({ count: 2 }, async ([first, second], installation) => {
      await using rebuild = await first!.rebuild();
      await rebuild.put([toIndexDocument(message('a', 0))]);
      await assert.rejects(second!.rebuild(), (error: unknown) => {
        assert.ok(isHoldfastError(error, 'Conflict'), String(error));
        assert.match(error.message, /000002/);
        return true;
      });
      await rebuild.commit([0, 0, 0]);
      assert.equal(await found(second!, 'alpha'), 'a');
      assert.deepEqual(await concreteOf(installation), ['000002']);
    }));

  test('of rebuilds that begin at once one goes on', () =>
    withProcesses({ count: 4 }, async (indexes, installation) => {
      const begun = await Promise.allSettled(indexes.map((index) => index.rebuild()));
      const rebuilds = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      assert.equal(rebuilds.length, 1);
      assert.ok(begun.every((one) => one.status === 'fulfilled' || isHoldfastError(one.reason, 'Conflict')));
      await rebuilds[0]![Symbol.asyncDispose]();
      assert.deepEqual(await concreteOf(installation), ['000001']);
    }));

  test('a rebuild that began after another had looked for one goes on, and the other does not', () =>
    withProcesses({ count: 1 }, async ([first], installation) => {
      let begun: IndexRebuild | undefined;
      let hasLooked = false;
      await using between = await startPassThrough(sharedUrl(), async (line) => {
        if (hasLooked) begun ??= await first!.rebuild();
        hasLooked ||= line.startsWith(`GET /holdfast-${installation}-g1-*`);
      });
      await using second = await openBetween(between, installation);
      await assert.rejects(second.rebuild(), (error: unknown) => isHoldfastError(error, 'Conflict'));
      await using rebuild = begun!;
      await rebuild.commit([0, 0, 0]);
      assert.deepEqual(await concreteOf(installation), ['000002']);
    }));

  test('an index that came into use while it was watched is not taken for what a dead rebuild left', () =>
    withProcesses({ count: 1, every: 60_000 }, async ([first], installation) => {
      await using rebuild = await first!.rebuild();
      await rebuild.put([toIndexDocument(message('a', 0))]);
      await firstBeat(installation);
      let watched = 0;
      await using between = await startPassThrough(sharedUrl(), async (line) => {
        if (!/^GET .*000002.*_mapping/.test(line)) return;
        watched += 1;
        if (watched === 2) await rebuild.commit([0, 0, 0]);
      });
      await using second = await openBetween(between, installation);
      await assert.rejects(second.rebuild(), (error: unknown) => isHoldfastError(error, 'Conflict'));
      assert.equal(await found(first!, 'alpha'), 'a');
      assert.deepEqual(await concreteOf(installation), ['000002']);
    }));

  test('an index that was replaced is left to the rebuild that replaced it until it is done', () =>
    withProcesses({ count: 1, every: liveBeatMs }, async ([second], installation) => {
      let swaps = 0;
      let isRefused = false;
      await using between = await startPassThrough(sharedUrl(), async (line) => {
        // The first swaps, the second removes what was replaced.
        if (line !== 'POST /_aliases' || ++swaps !== 2) return;
        await assert.rejects(second!.rebuild(), (error: unknown) => isHoldfastError(error, 'Conflict'));
        isRefused = true;
      });
      await using first = await openBetween(between, installation);
      await using rebuild = await first.rebuild();
      await rebuild.commit([0, 0, 0]);
      assert.ok(isRefused);
      assert.deepEqual(await concreteOf(installation), ['000002']);
    }));

  test('a swap that was carried out and whose answer was lost is one', () =>
    withProcesses({ count: 1 }, async ([first], installation) => {
      const names = ['read', 'write'].map((name) => `holdfast-${installation}-${name}`);
      const swap = names.flatMap((alias) => [
        { remove: { index: `holdfast-${installation}-g1-000001`, alias } },
        { add: { index: `holdfast-${installation}-g1-000002`, alias } },
      ]);
      let isSwapped = false;
      await using between = await startPassThrough(sharedUrl(), async (line) => {
        if (line === 'POST /_aliases' && !isSwapped) await es('POST', '/_aliases', { actions: swap });
        isSwapped ||= line === 'POST /_aliases';
      });
      await using second = await openBetween(between, installation);
      {
        await using rebuild = await second.rebuild();
        await rebuild.put([toIndexDocument(message('a', 0))]);
        await rebuild.commit([0, 0, 0]);
      }
      assert.equal(await found(first!, 'alpha'), 'a');
      assert.deepEqual(await concreteOf(installation), ['000002']);
    }));

  test('a rebuild that was taken for dead does not write into, or commit, the next one of its name', () =>
    withProcesses({ count: 2, every: 60_000 }, async ([first, second], installation) => {
      await putItems(second!, message('a', 0), message('b', 1));
      const old = await first!.rebuild();
      await firstBeat(installation);
      await using another = await openTestIndex({ installation, beatMs });
      await until(async () => (await concreteOf(installation)).join() === '000001');
      await using rebuild = await second!.rebuild();
      assert.deepEqual(await concreteOf(installation), ['000001', '000002']);
      await rebuild.put([toIndexDocument(message('a', 0))]);
      await assert.rejects(old.put([toIndexDocument(message('b', 1))]));
      await assert.rejects(old.commit([1, 0, 0]));
      await old[Symbol.asyncDispose]();
      await rebuild.commit([1, 0, 0]);
      assert.equal(await found(another, 'alpha'), 'a b');
      assert.deepEqual(await concreteOf(installation), ['000002']);
    }));

  test('what a dead rebuild left is cleared by the next one', () =>
    withProcesses({ count: 1 }, async (_, installation) => {
      await leaveDeadRebuild(installation);
      // Not watched from the start on.
      await using index = await openTestIndex({ installation, beatMs, asItIs: true });
      {
        await using rebuild = await index.rebuild();
        await rebuild.put([toIndexDocument(message('a', 0))]);
        await rebuild.commit([0, 0, 0]);
      }
      assert.deepEqual(await concreteOf(installation), ['000003']);
      assert.deepEqual(await putItems(index, message('b', 1)), ['stored']);
    }));

  test('what a dead rebuild left is cleared at the next start', () =>
    withProcesses({ count: 0 }, async (_, installation) => {
      await using _first = await openTestIndex({ installation, beatMs });
      await leaveDeadRebuild(installation);
      await using index = await openTestIndex({ installation, beatMs });
      assert.deepEqual(await putItems(index, message('a', 0)), ['stored']);
      assert.deepEqual(await concreteOf(installation), ['000001']);
    }));

  test('the index that a rebuild replaced goes after the next start, had the rebuild died before it took it away', () =>
    withProcesses({ count: 1 }, async (_, installation) => {
      await es('PUT', `/holdfast-${installation}-g1-000009`, {
        mappings: { _meta: { beat: 'of the dead' } },
      });
      await using _next = await openTestIndex({ installation, beatMs });
      await until(async () => (await concreteOf(installation)).join() === '000001');
    }));

  test('puts that a dead rebuild blocks go on after a while, without anybody’s help', () =>
    withProcesses({ count: 1, every: beatMs }, async ([index], installation) => {
      await leaveDeadRebuild(installation);
      const put = () => index!.put([toIndexDocument(message('a', 0))]);
      await assert.rejects(put(), (error: unknown) => isHoldfastError(error, 'IndexUnavailable'));
      await until(() =>
        put().then(
          (outcomes) => outcomes[0] !== 'occupied',
          () => false,
        ),
      );
      assert.deepEqual(await index!.get([message('a', 0).id]), [message('a', 0)]);
      assert.deepEqual(await concreteOf(installation), ['000001']);
    }));

  test('puts that a rebuild blocks do not end it', () =>
    withProcesses({ count: 2 }, async ([index, other]) => {
      await using rebuild = await index!.rebuild();
      await rebuild.freeze();
      const blocked = () => assert.rejects(other!.put([toIndexDocument(message('a', 0))]));
      // Longer than a rebuild without beats would be left alone.
      const endMs = performance.now() + liveBeatMs * 5;
      while (performance.now() < endMs) await blocked();
      await rebuild.commit([0, 0, 0]);
      assert.deepEqual(await putItems(other!, message('a', 0)), ['stored']);
    }));

  test('what is put although the index was frozen, because somebody lifted the block, comes along', () =>
    withProcesses({ count: 2 }, async ([index, other], installation) => {
      await using rebuild = await index!.rebuild();
      await rebuild.freeze();
      await es('PUT', `/holdfast-${installation}-g1-000001/_settings`, { 'index.blocks.write': null });
      const loads = [0, 1, 2].map((partition) => new PutLoad(other!, partition));
      try {
        await until(() => loads.every(({ acknowledged }) => acknowledged.size > 40));
        await rebuild.commit([0, 0, 0]);
        await until(() => loads.every(({ acknowledged }) => acknowledged.size > 200));
        for (const load of loads) await load.end();
      } finally {
        for (const load of loads) load.abandon();
      }
      assert.deepEqual(await violationsOf(index!, loads), []);
      assert.deepEqual(await concreteOf(installation), ['000002']);
    }));

  test('a rebuild while other processes put loses nothing, of what is accounted for and of what is not', (t) =>
    withProcesses({ count: 4, every: 5_000 }, async ([index, ...others], installation) => {
      const loads = others.map((other, partition) => new PutLoad(other, partition));
      try {
        for (let round = 0; round < 3; round += 1) {
          const sizes = loads.map(({ acknowledged }) => acknowledged.size);
          await until(() => loads.every(({ acknowledged }, at) => acknowledged.size > sizes[at]! + 100));
          await rebuildOnce(index!, loads);
        }
        for (const load of loads) await load.end();
      } finally {
        for (const load of loads) load.abandon();
      }
      const violations = await violationsOf(index!, loads);
      const attempted = loads.reduce((sum, load) => sum + load.attempted, 0);
      t.diagnostic(`attempted ${attempted} in 3 rebuilds, violated ${violations.length}`);
      assert.deepEqual(violations, []);
      assert.ok(
        loads.some(({ refused }) => refused > 0),
        'no put met the frozen index',
      );
      assert.deepEqual(await concreteOf(installation), ['000004']);
    }));
});

/** Fills the new index with the older half of the facts: what the ledger accounts for. */
const rebuildOnce = async (index: ArchiveIndex, loads: readonly PutLoad[]): Promise<void> => {
  await using rebuild = await index.rebuild();
  await rebuild.freeze();
  const known = loads.map(({ acknowledged }) => [...acknowledged.values()]);
  const accounted = known.map((documents) => documents[documents.length >> 1]!.firstOffset);
  for (const [partition, documents] of known.entries())
    await rebuild.put(documents.filter(({ newestOffset }) => newestOffset < accounted[partition]!));
  await rebuild.commit(accounted);
};
