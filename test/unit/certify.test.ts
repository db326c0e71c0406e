import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { prepareHere } from '../../services/archiver/prepare-record.ts';
import { createAuditTrail } from '../../services/audit/audit-trail.ts';
import { HoldfastError } from '../../services/core/errors.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import { Certifier } from '../../services/search-api/certify.ts';
import { runSearch } from '../../services/search-api/run-search.ts';
import { readCursor, writeCursor } from '../../services/search-api/search-cursor.ts';
import { showCoverage } from '../../services/search-api/show-coverage.ts';
import { bytesOf, sent } from '../support/event-builder.ts';

const partitions = { im: 1, governance: 1, audit: 1 } as const;

/** An index that cannot count while `isBusy`, and counts what its last refresh showed. */
class BusyIndex extends MemoryArchiveIndex {
  isBusy = false;
  #shown = { items: 0, perPartition: [0] };

  override async counts(offsets?: readonly number[]) {
    return offsets === undefined ? this.#shown : super.counts(offsets);
  }

  override async refresh() {
    const { items, perPartition } = await super.counts();
    this.#shown = { items, perPartition: [...perPartition] };
  }

  override async itemsBelow(offsets: readonly number[]) {
    if (this.isBusy) throw new HoldfastError('IndexUnavailable');
    return super.itemsBelow(offsets);
  }
}

const open = (vectorMaxAgeMs = 0) => {
  const clock = new MemoryClock();
  const log = new MemoryEventLog({ partitions, clock });
  const index = new BusyIndex({ partitions: partitions.im });
  const governance = new GovernanceView(log);
  const ports = { log, ledger: new MemoryLedger(), index, governance, clock };
  const archiver = new Archiver({ ...ports, prepare: prepareHere });
  archiver.start();
  const certifyPorts = { ...ports, archiver, installation: 'test', vectorMaxAgeMs };
  const certifier = new Certifier(certifyPorts);
  const append = async (...ids: string[]) => {
    const values = ids.map((id) => ({ key: 'c1', value: bytesOf(sent({ id, body: 'word' })) }));
    await log.append('im', values);
    await archiver.processAll();
  };
  const random = { bytes: (count: number) => new Uint8Array(count) };
  const audit = createAuditTrail({ log, clock, random, installation: 'test' });
  const search = (after?: string) =>
    runSearch(
      { index, audit, certifier, clock, timeZone: 'UTC' },
      { actor: { id: 'ann' }, purpose: 'test' },
      { query: 'word', limit: 1, sort: 'sent', ...(after === undefined ? {} : { after }) },
    );
  const coverage = () =>
    showCoverage(
      { ...certifyPorts, audit, certifier, timeZone: 'UTC' },
      { actor: { id: 'ann' }, purpose: 'test' },
    );
  return { archiver, index, append, search, coverage };
};

test('coverage counts all that is accounted for, also where searches may be a moment behind', async () => {
  const { archiver, append, search, coverage } = open(1000);
  await using _ = archiver;
  await append('a');
  await search();
  await append('b');
  const { totals } = await coverage();
  assert.deepEqual([totals.outcomes.archived, totals.items], [2, 2]);
});

test('a count that failed once is asked for again by the next search', async () => {
  const { archiver, index, append, search } = open();
  await using _ = archiver;
  await append('a');
  index.isBusy = true;
  await assert.rejects(search(), { code: 'IndexUnavailable' });
  index.isBusy = false;
  assert.equal((await search()).certificate.itemsCovered, 1);
});

test('the certificate of a later page says what is so at its vector, not what came since', async () => {
  const { archiver, append, search } = open();
  await using _ = archiver;
  await append('a', 'b');
  const { next, certificate: first } = await search();
  await append('c');
  const { total, certificate } = await search(next);
  assert.equal(total, 2);
  assert.deepEqual([first.itemsCovered, first.pending], [2, 0]);
  assert.deepEqual([certificate.itemsCovered, certificate.pending], [2, 1]);
  assert.deepEqual(certificate.vector.offsets, first.vector.offsets);
});

test('a cursor says nothing that is not so: not of another archive, not beyond what was archived', async () => {
  const { archiver, append, search } = open();
  await using _ = archiver;
  await append('a', 'b');
  const { next } = await search();
  const cursor = readCursor(next!);
  await assert.rejects(search(writeCursor({ ...cursor, offsets: [3] })), { code: 'IndexUnavailable' });
  await assert.rejects(search(writeCursor({ ...cursor, offsets: [2, 0] })), { code: 'BadRequest' });
  await assert.rejects(search(writeCursor({ ...cursor, offsets: [] })), { code: 'BadRequest' });
});
