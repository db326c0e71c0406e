import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import type { SignedHead } from '../../schemas/archive/ledger.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { HoldfastError } from '../../services/core/errors.ts';
import { signHead } from '../../services/core/ledger/head.ts';
import { keepSigning, type SignerPorts, signHeads } from '../../services/signer/sign-heads.ts';
import { imPartition, leaf, proposalOf } from '../support/range-proposals.ts';
import { until } from '../support/until.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const log = { partitions: { im: 1, governance: 1, audit: 1 } } as const;

const open = (ledger: MemoryLedger, kept?: SignedHead) => {
  let newest = kept;
  const notices: string[] = [];
  const clock = new MemoryClock();
  const ports: SignerPorts = {
    log,
    ledger,
    clock,
    installation: 'test',
    signer: { sign: (head) => signHead(privateKey, head) },
    keeper: {
      newest: async () => newest,
      keep: async (head) => {
        newest = head;
      },
    },
    notice: (text) => notices.push(text),
  };
  return { ports, notices, clock, kept: () => newest };
};

const ledgerOf = async (...ids: string[]): Promise<MemoryLedger> => {
  const ledger = new MemoryLedger();
  for (const [offset, eventId] of ids.entries()) {
    const frontier = await ledger.frontier(imPartition());
    await ledger.propose(proposalOf(imPartition(), frontier, [leaf(offset, 'archived', { eventId })]));
  }
  return ledger;
};

test('a head that was signed is kept, and the next goes on from it', async () => {
  const ledger = await ledgerOf('a');
  const { ports, kept } = open(ledger);
  assert.equal(await signHeads(ports), true);
  assert.equal(await signHeads(ports), false);
  assert.deepEqual(await ledger.heads(1), [kept()]);
});

for (const [what, ids] of [
  ['was cut', ['a']],
  ['tells another story', ['a', 'x']],
] as const)
  test(`a ledger that ${what} since the head that was kept is not signed`, async () => {
    const before = open(await ledgerOf('a', 'b'));
    await signHeads(before.ports);
    const forged = await ledgerOf(...ids);
    await forged.appendHead(before.kept()!);
    await assert.rejects(signHeads(open(forged, before.kept()).ports), /does not go on from the tree head/);
    assert.equal((await forged.heads(10)).length, 1);
  });

test('what another signer kept and this one signs next is not behind it', async () => {
  const ledger = await ledgerOf('a');
  const { ports, kept } = open(ledger);
  const newest = async () => {
    const frontier = await ledger.frontier(imPartition());
    await ledger.propose(proposalOf(imPartition(), frontier, [leaf(1, 'archived', { eventId: 'b' })]));
    await signHeads(ports);
    return kept();
  };
  assert.equal(await signHeads({ ...ports, keeper: { ...ports.keeper!, newest } }), false);
  assert.equal(kept()?.heads[0]?.size, 2);
});

test('why nothing is signed is said once for each reason, and signing goes on when it has passed', async () => {
  const { ports, notices, clock } = open(await ledgerOf('a'));
  let isAway = true;
  let kept = 0;
  const keep = async () => {
    if (isAway) throw new HoldfastError('LedgerUnavailable', { detail: 'The disk is full.' });
    kept += 1;
  };
  const stop = new AbortController();
  const keeper = { newest: async () => undefined, keep };
  const signing = keepSigning({ ...ports, keeper }, { intervalMs: 1000, signal: stop.signal });
  await until(() => clock.sleeping === 1);
  assert.match(notices[0] ?? '', /^No tree head is signed\. .*The disk is full/);
  isAway = false;
  await ports.ledger.propose(
    proposalOf(imPartition(), await ports.ledger.frontier(imPartition()), [
      leaf(1, 'archived', { eventId: 'b' }),
    ]),
  );
  clock.advance(1000);
  await until(() => kept === 1 && clock.sleeping === 1);
  stop.abort();
  await signing;
  assert.equal(notices.length, 1);
});
