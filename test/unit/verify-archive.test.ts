import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import type { Difference, VerifyReport } from '../../schemas/api/archive-operations.ts';
import type { RangeProposal, SignedHead } from '../../schemas/archive/ledger.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { factOf, prepareHere } from '../../services/archiver/prepare-record.ts';
import { foldFact } from '../../services/core/item/fold-item.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { signHead } from '../../services/core/ledger/head.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import type { LoggedRecord } from '../../services/ports/event-log.ts';
import type { ProposalResult, RangeRecord } from '../../services/ports/ledger.ts';
import { verifyArchive } from '../../services/verifier/verify-archive.ts';
import { bytesOf, edited, sent } from '../support/event-builder.ts';
import { until } from '../support/until.ts';
import { reportOf } from '../support/verify-folder.ts';

const partitions = { im: 1, governance: 1, audit: 1 } as const;
const im = { stream: 'im', generation: 1, partition: 0 } as const;

/** A ledger that takes proposals only while it is told to, and can be made to lie beside its trees. */
class HeldLedger extends MemoryLedger {
  isHeld = false;
  waiting = 0;
  said: Partial<Awaited<ReturnType<MemoryLedger['counts']>>> = {};
  unlisted = -1;
  mostHeads = Number.POSITIVE_INFINITY;
  rewrite: (range: RangeRecord) => RangeRecord = (range) => range;

  override async propose(proposal: RangeProposal): Promise<ProposalResult> {
    this.waiting += 1;
    await until(() => !this.isHeld);
    this.waiting -= 1;
    return super.propose(proposal);
  }

  override async counts(...name: Parameters<MemoryLedger['counts']>) {
    return { ...(await super.counts(...name)), ...(name[0].stream === 'im' ? this.said : {}) };
  }

  override async quarantined(...asked: Parameters<MemoryLedger['quarantined']>) {
    return (await super.quarantined(...asked)).filter(({ offset }) => offset !== this.unlisted);
  }

  override heads(limit: number) {
    return super.heads(Math.min(limit, this.mostHeads));
  }

  override async *ranges(...asked: Parameters<MemoryLedger['ranges']>) {
    for await (const range of super.ranges(...asked))
      yield asked[0].stream === 'im' ? this.rewrite(range) : range;
  }
}

const openArchived = async (...events: readonly Uint8Array[]) => {
  const clock = new MemoryClock();
  const log = new MemoryEventLog({ partitions, clock });
  const ledger = new HeldLedger();
  const index = new MemoryArchiveIndex({ partitions: partitions.im });
  const governance = new GovernanceView(log);
  const archiver = new Archiver({ log, ledger, index, clock, prepare: prepareHere, governance });
  archiver.start();
  const append = (event: ImEvent) => log.append('im', [{ key: 'c1', value: bytesOf(event) }]);
  if (events.length > 0)
    await log.append(
      'im',
      events.map((value) => ({ key: 'c1', value })),
    );
  await archiver.processAll();
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const report = (keptHead?: SignedHead): Promise<VerifyReport> =>
    reportOf(verifyArchive({ log, ledger, index, publicKey, installation: 'test', keptHead }));
  const verify = async (keptHead?: SignedHead): Promise<readonly Difference[]> =>
    (await report(keptHead)).differences;
  const signed = async (second: number): Promise<SignedHead> => {
    const heads = [{ ...im, ...(await ledger.frontier(im)) }].map(({ peaks: _, ...head }) => head);
    const signedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    return signHead(privateKey, { installation: 'test', signedAt, heads });
  };
  return {
    log,
    ledger,
    index,
    append,
    report,
    verify,
    signed,
    archive: () => archiver.processAll(),
    [Symbol.asyncDispose]: () => archiver[Symbol.asyncDispose](),
  };
};

const whats = (differences: readonly Difference[]): string => differences.map(({ what }) => what).join('\n');

test('what the archiver has indexed and not yet accounted for is no difference', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  const { ledger, index, append, verify } = archived;
  ledger.isHeld = true;
  await append(sent({ id: 'b', body: 'beta' }));
  await append(edited({ item: 'a', body: 'alpha again' }));
  await until(() => ledger.waiting > 0);
  assert.equal((await index.counts()).items, 2);
  assert.deepEqual(await verify(), []);
  ledger.isHeld = false;
  await until(async () => (await ledger.frontier(im)).size === 3);
  assert.deepEqual(await verify(), []);
});

test('what the index holds beyond the end of the log is a difference', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  const [stored] = await archived.index.scan(0, 0, 1);
  assert(stored);
  const forged = {
    ...stored.document,
    id: 'forged' as typeof stored.document.id,
    firstOffset: 7,
    newestOffset: 7,
  };
  await archived.index.put([forged]);
  assert.deepEqual(
    (await archived.verify()).map(({ itemId }) => itemId),
    ['forged'],
  );
});

test('content that is gone from the log without a disposition is a difference, and its item is named', async () => {
  await using archived = await openArchived(
    bytesOf(sent({ id: 'a', body: 'alpha' })),
    bytesOf(sent({ id: 'b', body: 'beta' })),
  );
  await (await archived.log.erase([{ ...im, offset: 1 }])).erased;
  const [difference] = await archived.verify();
  assert.deepEqual([difference?.offset, difference?.itemId], [1, 'b']);
  assert.match(difference?.what ?? '', /gone from the log/);
});

test('numbers by outcome that are not those of the entries are a difference', async () => {
  await using archived = await openArchived(
    bytesOf(sent({ id: 'a', body: 'alpha' })),
    Buffer.from('not an event'),
  );
  archived.ledger.said = { quarantined: 0 };
  assert.match(
    whats(await archived.verify()),
    /counts 1 archived; its entries are 1 archived, 1 quarantined/,
  );
});

test('a quarantined event that the list of the quarantine hides is a difference', async () => {
  await using archived = await openArchived(
    bytesOf(sent({ id: 'a', body: 'alpha' })),
    Buffer.from('not an event'),
  );
  assert.deepEqual(await archived.verify(), []);
  archived.ledger.unlisted = 1;
  const [difference] = await archived.verify();
  assert.equal(difference?.offset, 1);
  assert.match(difference?.what ?? '', /quarantine/);
});

test('a range decided at a governance offset that was never reached is a difference', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  archived.ledger.rewrite = (range) => ({ ...range, governanceOffset: 9 });
  assert.match(whats(await archived.verify()), /governance offset 9/);
});

test('an item that its id finds but no search is a difference', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  const { index, verify } = archived;
  index.scan = async () => [];
  const [difference] = await verify();
  assert.equal(difference?.itemId, 'a');
  assert.match(difference?.what ?? '', /missing from the index/);
});

test('items in a partition that the log does not have are a difference', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  const { index, verify } = archived;
  index.counts = async (offsets) => ({ items: offsets === undefined ? 2 : 1, perPartition: [1] });
  assert.match(whats(await verify()), /1 items in partitions that the log does not have/);
});

/** An archive of one item, and a document where the ledger accounts for none, as an archiver that lost a race leaves it. */
const openWithStray = async () => {
  const archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })), Buffer.from('not an event'));
  const [stored] = await archived.index.scan(0, 0, 1);
  assert(stored);
  const id = 'stray' as typeof stored.document.id;
  return { ...archived, stray: { ...stored.document, id, firstOffset: 1, newestOffset: 1 } };
};

test('what an archiver puts after the comparison and takes back after the counting is no difference', async () => {
  await using archived = await openWithStray();
  const { index, stray, verify } = archived;
  index.checkIntegrity = async () => {
    await index.put([stray]);
    return [];
  };
  const { counts } = index;
  index.counts = async (offsets) => {
    const counted = await counts.call(index, offsets);
    await index.remove([stray.id]);
    return counted;
  };
  assert.deepEqual(await verify(), []);
});

test('what is counted but never found is a difference, however often it is looked at', async () => {
  await using archived = await openWithStray();
  const { index, stray, verify } = archived;
  await index.put([stray]);
  const { scan } = index;
  index.scan = async (...asked) =>
    (await scan.apply(index, asked)).filter(({ document }) => document.id !== stray.id);
  assert.match(whats(await verify()), /holds 2 items of the events that were compared, 1 of them/);
});

test('an item that goes after it was compared is a difference, and named', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  const { index, verify } = archived;
  index.checkIntegrity = async () => {
    await index.remove(['a' as ItemId]);
    return [];
  };
  const differences = await verify();
  assert.deepEqual(
    differences.map(({ itemId }) => itemId),
    ['a'],
  );
  assert.match(whats(differences), /missing from the index/);
});

test('a kept head is found behind all heads that are compared; one that the ledger never held is missing', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  const { ledger, signed, verify } = archived;
  const heads = [await signed(0), await signed(1), await signed(2)];
  for (const head of heads) await ledger.appendHead(head);
  ledger.mostHeads = 2;
  assert.deepEqual(await verify(heads[0]), []);
  assert.match(whats(await verify(await signed(3))), /signed at 2026-01-01T00:00:03\.000Z.*missing/);
});

test('an old head that bears the signature of the kept one and says something else is a difference', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  const { ledger, signed, verify } = archived;
  const kept = await signed(0);
  await ledger.appendHead({ ...kept, heads: [] });
  await ledger.appendHead(await signed(1));
  ledger.mostHeads = 1;
  assert.match(whats(await verify(kept)), /does not verify/);
});

test('events logged after the newest head are a tail that no head witnesses', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  archived.ledger.isHeld = true;
  await archived.append(sent({ id: 'b', body: 'beta' }));
  assert.equal((await archived.report()).unwitnessedTail, 2);
  archived.ledger.isHeld = false;
});

test('a log time that was changed in log and index alike is a difference, and the item is named', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  const { log, index, verify } = archived;
  const earlier = ({ loggedAt, ...record }: LoggedRecord): LoggedRecord => ({
    ...record,
    loggedAt: new Date(loggedAt.getTime() - 60_000),
  });
  const { read } = log;
  log.read = async function* (...asked) {
    for await (const batch of read.apply(log, asked)) yield batch.map(earlier);
  };
  const [stored] = await index.scan(0, 0, 1);
  assert(stored);
  const [logged] = await log.get([{ ...im, offset: 0 }]);
  assert(logged);
  const becomes = toIndexDocument(foldFact(undefined, factOf(earlier(logged))));
  assert.deepEqual(await index.correct([{ seen: stored.document, becomes }]), [true]);
  const [difference] = await verify();
  assert.deepEqual([difference?.offset, difference?.itemId], [0, 'a']);
  assert.match(difference?.what ?? '', /does not come out of the log as the ledger recorded it/);
});

test('peaks that do not follow from the entries are a difference', async () => {
  await using archived = await openArchived(bytesOf(sent({ id: 'a', body: 'alpha' })));
  archived.ledger.rewrite = (range) => ({ ...range, peaks: ['00'.repeat(32)] });
  assert.match(whats(await archived.verify()), /peaks/);
});

test('a partition of many short ranges is read once, and a record that is gone differs alone', async () => {
  await using archived = await openArchived();
  const { log, append, archive, verify } = archived;
  for (let n = 0; n < 30; n += 1) {
    await append(sent({ id: `m${n}`, body: 'x' }));
    await archive();
  }
  const { read } = log;
  let reads = 0;
  log.read = async function* (from, options) {
    if (from.stream === 'im') reads += 1;
    for await (const batch of read.call(log, from, options))
      yield batch.filter(({ position }) => position.offset !== 7);
  };
  const differences = await verify();
  assert.equal(reads, 1);
  assert.deepEqual(new Set(differences.map(({ offset }) => offset)), new Set([7]));
  assert.match(whats(differences), /the event is in the ledger but not in the log/);
});
