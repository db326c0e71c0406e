import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../../infra/engines/run-engine.ts';
import { startElasticsearch } from '../../infra/engines/start-elasticsearch.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { message, putItems } from '../support/ask-index.ts';
import {
  ask,
  newInstallation,
  openTestIndex,
  type TestIndexOptions,
  withTestIndex,
} from '../support/elasticsearch-index.ts';
import { PutLoad, violationsOf } from '../support/elasticsearch-load.ts';
import { needsEngines } from '../support/engines.ts';
import { findBytes } from '../support/find-bytes.ts';
import { until } from '../support/until.ts';

let node: Engine;

/** Hardly anything may wait to be written: a few puts at once are too many. */
const startNode = async (): Promise<void> => {
  const settings = {
    'thread_pool.write.size': 1,
    'thread_pool.write.queue_size': 2,
    'cluster.info.update.interval': '10s',
  };
  node = await startElasticsearch({ lifetime: 'brief', heapMb: 512, settings });
};

const open = (options: Partial<TestIndexOptions> = {}) =>
  withTestIndex({ url: node.address, connection: { nodes: [node.address] }, ...options });

type OpenIndex = Awaited<ReturnType<typeof open>>;

/** Another process's use of the index, which gives up an answer sooner; it would be too soon for making an index. */
const openImpatiently = ({ installation }: OpenIndex, patienceMs?: number): Promise<ArchiveIndex> =>
  openTestIndex({
    installation,
    connection: { nodes: [node.address], requestTimeoutMs: 3_000 },
    asItIs: true,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });

/** Puts into three partitions while something happens, then looks whether all is there once. */
const underLoad = async (
  t: TestContext,
  index: OpenIndex,
  happen: (loads: readonly PutLoad[]) => Promise<void>,
  patienceMs?: number,
): Promise<readonly PutLoad[]> => {
  await using impatient = await openImpatiently(index, patienceMs);
  const loads = [0, 1, 2].map((partition) => new PutLoad(impatient, partition));
  try {
    await progress(loads);
    await happen(loads);
    const overMs = performance.now();
    await progress(loads);
    t.diagnostic(`puts went on ${Math.round(performance.now() - overMs)} ms after it was over`);
    for (const load of loads) await load.end();
  } finally {
    for (const load of loads) load.abandon();
  }
  const violations = await violationsOf(index, loads);
  const attempted = loads.reduce((sum, load) => sum + load.attempted, 0);
  t.diagnostic(`attempted ${attempted}, violated ${violations.length}`);
  assert.deepEqual(violations, []);
  return loads;
};

/** Every load gets further. */
const progress = async (loads: readonly PutLoad[]): Promise<void> => {
  const sizes = loads.map(({ acknowledged }) => acknowledged.size);
  await until(() => loads.every(({ acknowledged }, at) => acknowledged.size > sizes[at]! + 60));
};

describe('an Elasticsearch node in trouble', { skip: needsEngines }, () => {
  before(startNode);
  after(() => node[Symbol.asyncDispose]());

  test('a storm of refusals because too much waits loses nothing and writes nothing twice', async (t) => {
    await using index = await open({ maxInFlight: 64, patienceMs: 60_000 });
    const puts = Array.from({ length: 64 }, (_, put) =>
      Array.from({ length: 25 }, (_, n) =>
        toIndexDocument(message(`i${put}-${n}`, put * 25 + n, { partition: put % 3 })),
      ),
    );
    const outcomes = await Promise.all(puts.map((documents) => index.put(documents)));
    await index.refresh();
    const { items } = await index.counts();
    const stats = await ask(node.address, [
      'GET',
      '/_nodes/stats/thread_pool?filter_path=nodes.*.thread_pool.write.rejected',
    ]);
    const rejected = Number(/"rejected":(\d+)/.exec(JSON.stringify(stats))?.[1]);
    t.diagnostic(`attempted 1600 with ${rejected} refusals, violated ${1600 - items}`);
    assert.ok(rejected > 0, 'the node refused nothing');
    assert.equal(outcomes.flat().length, 1600);
    assert.ok(!outcomes.flat().includes('occupied'));
    assert.equal(items, 1600);
  });

  test('a node that is killed and started again under load has all it acknowledged, once', async (t) => {
    await using index = await open();
    const killed = async () => {
      await node.kill('SIGKILL');
      await node.restart();
    };
    await underLoad(t, index, killed, 5_000);
  });

  test('a node that stops for ten seconds under load loses nothing', async (t) => {
    await using index = await open();
    await underLoad(t, index, async () => {
      node.pause();
      await delay(10_000);
      node.resume();
    });
  });

  test('a disk at flood stage is said so, and puts go on by themselves when there is room again', async (t) => {
    await using index = await open();
    const watermarks = (free: string | null) => ({
      transient: {
        'cluster.routing.allocation.disk.threshold_enabled': free === null ? null : true,
        'cluster.routing.allocation.disk.watermark.low': free,
        'cluster.routing.allocation.disk.watermark.high': free,
        'cluster.routing.allocation.disk.watermark.flood_stage': free,
      },
    });
    const setRoom = (free: string | null) =>
      ask(node.address, ['PUT', '/_cluster/settings'], watermarks(free));
    const loads = await underLoad(t, index, async (running) => {
      // More must be free than any disk has.
      await setRoom('900tb');
      await until(() => running.every(({ refused }) => refused > 0));
      await assert.rejects(index.put([toIndexDocument(message('x', 0))]), (error: unknown) => {
        assert.ok(isHoldfastError(error, 'IndexUnavailable'));
        assert.match(error.message, /Free space/);
        return true;
      });
      await index.refresh();
      assert.ok((await index.counts()).items > 0, 'searches go on');
      await setRoom('1kb');
    }).finally(() => setRoom('1kb'));
    assert.ok(loads.every(({ refused }) => refused > 0));
    await setRoom(null);
  });

  test('a cluster that makes indexes by itself is refused, unless not for ours', async () => {
    const allow = (value: string | null) =>
      ask(node.address, ['PUT', '/_cluster/settings'], { persistent: { 'action.auto_create_index': value } });
    const installation = newInstallation();
    for (const [value, pattern] of [
      ['true', /found true/],
      ['+holdfast-*,-*', /found \+holdfast-\*,-\*/],
    ] as const) {
      await allow(value);
      await assert.rejects(
        openTestIndex({ installation, url: node.address }),
        (error: unknown) => isHoldfastError(error, 'InvalidConfig') && pattern.test(error.message),
      );
    }
    await allow('-holdfast-*,*');
    await using _index = await withTestIndex({ installation, url: node.address });
    await allow(null);
  });

  test('what was removed, and every earlier state of it, has left the bytes of the disk', async (t) => {
    await using index = await open();
    const secrets = Array.from({ length: 6 }, () => newInstallation());
    const [kept = '', first = '', second = '', third = '', corrected = '', other = ''] = secrets;
    await putItems(
      index,
      message('kept', 0, { body: kept }),
      message('gone', 10, { body: first }),
      message('corrected', 20, { body: corrected }),
    );
    await putItems(index, message('gone', 10, { body: first, edits: [{ body: second }] }));
    await putItems(index, message('also', 30, { body: third }));
    const [seen] = await index.touched(0, { from: 20, to: 21, limit: 1 });
    const becomes = toIndexDocument(message('corrected', 20, { body: other }));
    assert.deepEqual(await index.correct([{ seen: seen!.document, becomes }]), [true]);
    const folder = join(node.folder, 'data');
    const before = await findBytes(folder, secrets);
    assert.deepEqual(new Set(before), new Set(secrets), 'the search finds what is there');
    await index.remove([message('gone', 10).id, message('also', 30).id]);
    const found = await findBytes(folder, secrets);
    t.diagnostic(`attempted ${secrets.length - 2}, violated ${found.length - 2}`);
    assert.deepEqual(new Set(found), new Set([kept, other]));
  });
});
