import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { type PrepareBatch, prepareHere } from '../../services/archiver/prepare-record.ts';
import { createAuditTrail } from '../../services/audit/audit-trail.ts';
import { contentHash } from '../../services/core/item/content-hash.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import { createArchive } from '../../services/search-api/create-archive.ts';
import { verifyArchive } from '../../services/verifier/verify-archive.ts';
import { sent } from '../support/event-builder.ts';
import { archiveAll, openShared } from '../support/shared-archive.ts';

const caller = { actor: { id: 'ann' }, purpose: 'test' };
const saying = (body: string) => sent({ id: 'twice', body });

/** As a release that knows no event at all. */
const prepareAsOlderRelease: PrepareBatch = async (records) =>
  (await prepareHere(records)).map(({ valueHash }) => ({ ok: false, valueHash, reason: 'an unknown type' }));

/** An archive in which an event id was used with two contents; the second had been quarantined before that. */
const openUsedTwice = async () => {
  const shared = openShared();
  const { log, ledger, index, clock } = shared;
  const governance = new GovernanceView(log);
  const ports = { log, ledger, index, clock, governance };
  await shared.append(saying('second'));
  await archiveAll(new Archiver({ ...ports, prepare: prepareAsOlderRelease }));
  await shared.append(saying('first'), saying('second'));
  const archiver = shared.archiver();
  archiver.start();
  await archiver.processAll();
  const random = new SeededRandom('known');
  const installation = 'test';
  const { publicKey } = generateKeyPairSync('ed25519');
  const archive = createArchive({
    ...ports,
    archiver,
    random,
    installation,
    audit: createAuditTrail({ log, clock, random, installation }),
    timeZone: 'UTC',
    verify: () => verifyArchive({ ...ports, publicKey, installation }),
  });
  return { ...shared, archive, [Symbol.asyncDispose]: () => archiver[Symbol.asyncDispose]() };
};

test('an event is known by each content that its id was used with', async () => {
  await using used = await openUsedTwice();
  assert.deepEqual(await used.outcomes(), ['quarantined', 'archived', 'conflict']);
  const asked = ['first', 'second', 'never'].map((body) => {
    const event = saying(body);
    return { id: event.id, contentHash: contentHash(event) };
  });
  assert.deepEqual(await used.archive.known(asked), [true, true, false]);
});

test('what was quarantined and is known by now, though other content of its id came first, is not driven again', async () => {
  await using used = await openUsedTwice();
  const { entries } = await used.archive.quarantine(caller, undefined, 10);
  assert.deepEqual(
    entries.map(({ redriven }) => redriven),
    [true],
  );
  const report = await used.archive.retryQuarantine(caller);
  assert.deepEqual(report, { tried: 1, redriven: 0, stillUnreadable: 0 });
  assert.equal(await used.log.end('im', 0), 3);
});
