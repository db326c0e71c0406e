import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { hostSqliteLedger, openSqliteLedger } from '../../services/adapters/sqlite/open-ledger.ts';
import type { Ledger } from '../../services/ports/ledger.ts';
import { needsEngines } from '../support/engines.ts';
import type { KafkaInstallation } from '../support/kafka-installation.ts';
import { makeLedgerTopics, openKafkaLedger } from '../support/kafka-ledger.ts';
import { imPartition, leaf, proposalOf, sha256 } from '../support/range-proposals.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { describeLedger } from './ledger.contract.ts';

const pathIn = (folder: string) => ({ path: join(folder, 'ledger.db') });

describeLedger('memory', async () => new MemoryLedger());
describeLedger('SQLite in this thread', (folder) => openSqliteLedger(pathIn(folder)));
describeLedger('SQLite in a thread of its own', (folder) => hostSqliteLedger(pathIn(folder)));

/** Each folder is an installation of its own: the topics, whatever folder the view is in. */
const installations = new Map<string, Promise<KafkaInstallation>>();
after(async () => {
  for (const made of installations.values()) await (await made)[Symbol.asyncDispose]();
});

const onKafka = async (folder: string, view?: string): Promise<Ledger> => {
  const made = installations.get(folder) ?? makeLedgerTopics(4);
  installations.set(folder, made);
  return openKafkaLedger(await made, { imPartitions: 4, ...(view === undefined ? {} : { view }) });
};

describeLedger('Kafka with a view in memory', (folder) => onKafka(folder), { skip: needsEngines });
describeLedger('Kafka with a view in SQLite', (folder) => onKafka(folder, join(folder, 'view.db')), {
  skip: needsEngines,
});

const appendMany = async (ledger: Ledger, partition: number, count: number): Promise<void> => {
  const name = imPartition(partition);
  const frontier = await ledger.frontier(name);
  const entries = Array.from({ length: count }, (_, n) =>
    leaf(frontier.size + n, 'archived', { eventId: `${partition}:${frontier.size + n}` }),
  );
  assert.ok((await ledger.propose(proposalOf(name, frontier, entries))).won);
};

test('a SQLite ledger opened again knows everything, also ids it had not written to their table yet', async () => {
  await using folder = await temporaryFolder();
  const first = await openSqliteLedger(pathIn(folder.path));
  for (let n = 0; n < 20; n++) await appendMany(first, n % 3, 1000);
  const before = await first.frontier(imPartition(1));
  await first[Symbol.asyncDispose]();
  await using second = await openSqliteLedger(pathIn(folder.path));
  assert.deepEqual(await second.frontier(imPartition(1)), before);
  const ids = [0, 1, 2].flatMap((partition) =>
    [0, 999, 1000, 5999].map((offset) => `${partition}:${offset}`),
  );
  const found = await second.find([...ids, '2:6000']);
  assert.deepEqual([...found.keys()].sort(), [...ids].sort());
  assert.deepEqual(
    ids.map((id) => `${found.get(id)?.partition}:${found.get(id)?.offset}`),
    ids,
  );
});

test('a SQLite ledger whose rows cannot be read is a damaged file, not a fault of the program', async () => {
  await using folder = await temporaryFolder();
  await using ledger = await openSqliteLedger(pathIn(folder.path));
  await appendMany(ledger, 0, 1);
  using other = new DatabaseSync(pathIn(folder.path).path);
  other.exec("DROP TRIGGER ranges_refuse_update; UPDATE ranges SET peaks = 'none'");
  await assert.rejects(ledger.frontier(imPartition()), { code: 'DataFolderInvalid' });
});

test('two SQLite ledgers on one file see each other and one of them wins a range', async () => {
  await using folder = await temporaryFolder();
  await using hosted = await hostSqliteLedger(pathIn(folder.path));
  await using direct = await openSqliteLedger(pathIn(folder.path));
  for (let round = 0; round < 20; round++) {
    const frontier = await hosted.frontier(imPartition());
    const entries = (by: string) =>
      Array.from({ length: 900 }, (_, n) =>
        leaf(frontier.size + n, 'archived', { eventId: `${by}:${round}:${n}` }),
      );
    const results = await Promise.all([
      hosted.propose(proposalOf(imPartition(), frontier, entries('hosted'))),
      direct.propose(proposalOf(imPartition(), frontier, entries('direct'))),
    ]);
    assert.equal(results.filter(({ won }) => won).length, 1);
    assert.deepEqual(results[0].frontier, results[1].frontier);
    const winner = results[0].won ? 'hosted' : 'direct';
    const loser = results[0].won ? 'direct' : 'hosted';
    for (const ledger of [hosted, direct]) {
      const found = await ledger.find([
        `${winner}:${round}:7`,
        `${loser}:${round}:7`,
        `${winner}:${round}:899`,
      ]);
      assert.deepEqual([...found.keys()], [`${winner}:${round}:7`, `${winner}:${round}:899`]);
    }
  }
});

test('ranges and heads of a SQLite ledger can be neither changed nor deleted', async () => {
  await using folder = await temporaryFolder();
  await using ledger = await openSqliteLedger(pathIn(folder.path));
  await appendMany(ledger, 0, 3);
  await ledger.appendHead({
    installation: 'test',
    signedAt: '2026-01-01T00:00:00.000Z',
    heads: [],
    keyId: 'k',
    signature: 'AAAA',
  });
  using other = new DatabaseSync(pathIn(folder.path).path);
  for (const sql of [
    `UPDATE ranges SET root = '${sha256('x')}'`,
    'DELETE FROM ranges',
    "UPDATE heads SET head = '{}'",
    'DELETE FROM heads',
  ]) {
    assert.throws(() => other.exec(sql), /the ledger only grows/);
  }
});

test('a SQLite ledger opened for reading only refuses proposals and heads', async () => {
  await using folder = await temporaryFolder();
  const writer = await openSqliteLedger(pathIn(folder.path));
  await appendMany(writer, 0, 3);
  await writer[Symbol.asyncDispose]();
  for (const way of [{ readOnly: true }, { immutable: true }]) {
    await using ledger = await openSqliteLedger({ ...pathIn(folder.path), ...way });
    const frontier = await ledger.frontier(imPartition());
    assert.equal(frontier.size, 3);
    assert.equal((await ledger.find(['0:1'])).size, 1);
    await assert.rejects(ledger.propose(proposalOf(imPartition(), frontier, [leaf(3)])), {
      code: 'ReadOnly',
    });
  }
});

test('a full disk is told as such and leaves the SQLite ledger as it was', async () => {
  await using folder = await temporaryFolder();
  await using ledger = await openSqliteLedger({ ...pathIn(folder.path), maxPages: 60 });
  await appendMany(ledger, 0, 100);
  await assert.rejects(appendMany(ledger, 0, 2000), { code: 'LedgerUnavailable', message: /no space left/ });
  assert.equal((await ledger.frontier(imPartition())).size, 100);
  await appendMany(ledger, 0, 10);
});
