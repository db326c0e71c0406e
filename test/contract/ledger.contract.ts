import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LeafEntry, OutcomeKind, SignedHead } from '../../schemas/archive/ledger.ts';
import { emptyRoot } from '../../services/core/ledger/merkle.ts';
import type { Ledger, PartitionName } from '../../services/ports/ledger.ts';
import { imPartition, leaf, proposalOf, sha256 } from '../support/range-proposals.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/** A ledger in a folder; opened twice in one folder, both are the same ledger. */
export type OpenLedger = (folder: string) => Promise<Ledger>;

interface Fixture extends AsyncDisposable {
  readonly ledger: Ledger;
  readonly folder: TemporaryFolder;
}

type OpenEmpty = () => Promise<Fixture>;

/** What every ledger promises. */
export const describeLedger = (
  name: string,
  open: OpenLedger,
  { skip = false }: { readonly skip?: string | false } = {},
): void => {
  const openEmpty: OpenEmpty = async () => {
    const folder = await temporaryFolder();
    const ledger = await open(folder.path);
    return {
      ledger,
      folder,
      [Symbol.asyncDispose]: async () => {
        await ledger[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      },
    };
  };

  describe(`ledger: ${name}`, { skip }, () => {
    describeProposals(openEmpty);
    describeAccounts(openEmpty);
    describeOccurrences(openEmpty);
    describeHeads(openEmpty);
  });
};

const append = async (ledger: Ledger, partition: PartitionName, entries: readonly LeafEntry[]) => {
  const result = await ledger.propose(proposalOf(partition, await ledger.frontier(partition), entries));
  assert.ok(result.won);
  return result.frontier;
};

const leaves = (from: number, count: number, outcome?: OutcomeKind): LeafEntry[] =>
  Array.from({ length: count }, (_, n) => leaf(from + n, outcome));

const describeProposals = (openEmpty: OpenEmpty): void => {
  test('a new partition starts with the empty tree', async () => {
    await using fixture = await openEmpty();
    assert.deepEqual(await fixture.ledger.frontier(imPartition(3)), { size: 0, root: emptyRoot, peaks: [] });
  });

  test('a proposal that continues the chain wins and moves the frontier', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const first = await append(ledger, imPartition(), leaves(0, 5));
    assert.equal(first.size, 5);
    assert.equal(first.peaks.length, 2);
    assert.deepEqual(await ledger.frontier(imPartition()), first);
    const second = await append(ledger, imPartition(), leaves(5, 3));
    assert.deepEqual(second.peaks, [second.root]);
    assert.deepEqual(await ledger.frontier(imPartition(1)), { size: 0, root: emptyRoot, peaks: [] });
  });

  test('of two archivers proposing one range one wins, and the loser learns where the winner stands', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const frontier = await ledger.frontier(imPartition());
    const results = await Promise.all(
      ['archived', 'refused', 'archived', 'refused'].map((outcome, n) =>
        ledger.propose(proposalOf(imPartition(), frontier, leaves(0, 4 + n, outcome as OutcomeKind))),
      ),
    );
    const winners = results.filter(({ won }) => won);
    assert.equal(winners.length, 1);
    for (const { frontier } of results) assert.deepEqual(frontier, winners[0]?.frontier);
    assert.equal((await Array.fromAsync(ledger.ranges(imPartition(), 0))).length, 1);
  });

  test('a proposal with a gap, an overlap or another root before it loses and changes nothing', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const frontier = await append(ledger, imPartition(), leaves(0, 5));
    const losing = [
      proposalOf(imPartition(), { ...frontier, size: 4, peaks: frontier.peaks.slice(0, 1) }, leaves(4, 2)),
      { ...proposalOf(imPartition(), frontier, leaves(5, 2)), from: 6, to: 8 },
      { ...proposalOf(imPartition(), frontier, leaves(5, 2)), previousRoot: sha256('another') },
    ];
    for (const proposal of losing) {
      assert.deepEqual(await ledger.propose(proposal), { won: false, frontier });
    }
    assert.deepEqual(await ledger.frontier(imPartition()), frontier);
    assert.equal((await ledger.counts(imPartition())).archived, 5);
    assert.equal((await ledger.find(['event-5'])).size, 0);
  });

  test('a root or offsets that do not follow from the entries are refused as a mistake', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const right = proposalOf(imPartition(), await ledger.frontier(imPartition()), leaves(0, 3));
    const mistakes = [
      { ...right, root: sha256('wrong') },
      { ...right, to: 4 },
      { ...right, entries: [leaf(0), leaf(2), leaf(1)] },
    ];
    for (const mistake of mistakes) await assert.rejects(ledger.propose(mistake), { code: 'Internal' });
    assert.equal((await ledger.frontier(imPartition())).size, 0);
    assert.ok((await ledger.propose(right)).won);
  });
};

const describeAccounts = (openEmpty: OpenEmpty): void => {
  const outcomes: readonly OutcomeKind[] = [
    'archived',
    'conflict',
    'duplicate',
    'refused',
    'quarantined',
    'control',
  ];

  test('ranges come back in order and exactly as proposed, from the one that holds an offset', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const mixed = Array.from({ length: 12 }, (_, n) => leaf(n, outcomes[n % 6]));
    const first = proposalOf(imPartition(), await ledger.frontier(imPartition()), mixed);
    await ledger.propose(first);
    const second = proposalOf(imPartition(), await ledger.frontier(imPartition()), leaves(12, 3));
    const { frontier } = await ledger.propose(second);
    const [readFirst, readSecond] = await Array.fromAsync(ledger.ranges(imPartition(), 0));
    const { peaks, ...proposed } = readFirst!;
    assert.deepEqual(proposed, first);
    assert.equal(peaks.length, 2);
    assert.deepEqual(readSecond, { ...second, peaks: frontier.peaks });
    for (const [offset, from] of [
      [11, 0],
      [12, 12],
      [14, 12],
    ] as const) {
      const [range] = await Array.fromAsync(ledger.ranges(imPartition(), offset));
      assert.equal(range?.from, from);
    }
    assert.deepEqual(await Array.fromAsync(ledger.ranges(imPartition(), 15)), []);
    assert.deepEqual(await Array.fromAsync(ledger.ranges(imPartition(1), 0)), []);
  });

  test('entries come back in the order asked, whatever text their reasons hold', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const entries = [
      leaf(0, 'quarantined', { reason: 'NUL \0, quote ", lone \ud800 and 회의' }),
      leaf(1, 'archived', { itemId: 'another-item' }),
      leaf(2, 'quarantined', { eventId: 'e', contentHash: sha256('e'), reason: 'unparsed' }),
      leaf(3),
    ];
    await append(ledger, imPartition(), entries.slice(0, 2));
    await append(ledger, imPartition(), entries.slice(2));
    assert.deepEqual(await ledger.entries(imPartition(), [3, 0, 99, 1, 2]), [
      entries[3],
      entries[0],
      undefined,
      entries[1],
      entries[2],
    ]);
    assert.deepEqual(await ledger.entries(imPartition(2), [0]), [undefined]);
  });

  test('outcomes are counted and the quarantine is listed', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const mixed = Array.from({ length: 60 }, (_, n) => leaf(n, outcomes[n % 6]));
    await append(ledger, imPartition(), mixed.slice(0, 30));
    await append(ledger, imPartition(), mixed.slice(30));
    const ten = { archived: 10, conflict: 10, duplicate: 10, refused: 10, quarantined: 10, control: 10 };
    assert.deepEqual(await ledger.counts(imPartition()), ten);
    assert.equal((await ledger.counts(imPartition(1))).archived, 0);
    const page = await ledger.quarantined(imPartition(), 11, 3);
    assert.deepEqual(
      page,
      [16, 22, 28].map((offset) => mixed[offset]),
    );
    assert.deepEqual(await ledger.quarantined(imPartition(1), 0, 3), []);
  });

  test('every stream has its own account', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const audit = { stream: 'audit', generation: 1, partition: 0 } as const;
    await append(ledger, audit, leaves(0, 3, 'control'));
    assert.equal((await ledger.frontier(audit)).size, 3);
    assert.equal((await ledger.frontier(imPartition())).size, 0);
  });
};

const describeOccurrences = (openEmpty: OpenEmpty): void => {
  test('the first occurrence of an event id is found in whatever partition it is', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    await append(ledger, imPartition(0), leaves(0, 10));
    await append(ledger, imPartition(1), [
      leaf(0, 'duplicate', { eventId: 'event-3' }),
      leaf(1, 'conflict', { eventId: 'event-4' }),
      leaf(2, 'refused', { eventId: 'refused-1' }),
      leaf(3, 'archived', { eventId: 'later-1', itemId: 'event-2' }),
      leaf(4, 'duplicate', { eventId: 'only-a-duplicate' }),
    ]);
    const ids = ['event-3', 'event-4', 'refused-1', 'later-1', 'only-a-duplicate', 'never'];
    const found = await ledger.find(ids);
    const place = (id: string) => {
      const { partition, offset, outcome, itemId } = found.get(id) ?? {};
      return [partition, offset, outcome, itemId];
    };
    assert.deepEqual(place('event-3'), [0, 3, 'archived', 'event-3']);
    assert.deepEqual(place('event-4'), [0, 4, 'archived', 'event-4']);
    assert.deepEqual(place('refused-1'), [1, 2, 'refused', undefined]);
    assert.deepEqual(place('later-1'), [1, 3, 'archived', 'event-2']);
    assert.equal(found.size, 4);
    assert.equal(found.get('event-3')?.contentHash, sha256('cevent-3'));
  });

  test('an id that was used with other content too is found with every such place, the first recorded first', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const other = sha256('other');
    await append(ledger, imPartition(1), [leaf(0), leaf(1, 'archived', { eventId: 'twice' })]);
    await append(ledger, imPartition(0), [leaf(0, 'archived', { eventId: 'twice', contentHash: other })]);
    const found = (await ledger.find(['twice'])).get('twice');
    assert.deepEqual([found?.partition, found?.offset, found?.contentHash], [1, 1, sha256('ctwice')]);
    assert.deepEqual(found?.others, [{ partition: 0, offset: 0, contentHash: other }]);
  });

  test('what was quarantined with a content hash is known by its id, without one it is not', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    await append(ledger, imPartition(), [
      leaf(0, 'quarantined', { eventId: 'known', contentHash: sha256('known') }),
      leaf(1, 'quarantined', { eventId: 'unknown' }),
    ]);
    assert.deepEqual([...(await ledger.find(['known', 'unknown'])).keys()], ['known']);
  });
};

const headOf = (size: number, signature: string): SignedHead => ({
  installation: 'test',
  signedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, size)).toISOString(),
  heads: [{ stream: 'im', generation: 1, partition: 0, size, root: sha256(`${size}`) }],
  keyId: '0123456789abcdef',
  signature,
});

const describeHeads = (openEmpty: OpenEmpty): void => {
  test('heads come back newest first', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    const heads = Array.from({ length: 5 }, (_, n) => headOf(n, 'AAAA'));
    for (const head of heads) await ledger.appendHead(head);
    assert.deepEqual(await ledger.heads(2), [heads[4], heads[3]]);
    assert.equal((await ledger.heads(100)).length, 5);
  });

  test('a head is found by its signature, however many came after it', async () => {
    await using fixture = await openEmpty();
    const { ledger } = fixture;
    // With `/`, `+` and `=` in it.
    const signatureOf = (n: number): string => Buffer.from([0xff, 0xfe, n, 0xfb]).toString('base64');
    const heads = Array.from({ length: 40 }, (_, n) => headOf(n, signatureOf(n)));
    for (const head of heads) await ledger.appendHead(head);
    assert.deepEqual(await ledger.findHead(signatureOf(0)), heads[0]);
    assert.deepEqual(await ledger.findHead(signatureOf(39)), heads[39]);
    assert.equal(await ledger.findHead(signatureOf(40)), undefined);
  });
};
