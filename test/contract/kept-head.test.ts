import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignedHead } from '../../schemas/archive/ledger.ts';
import { headKeeperIn } from '../../services/adapters/files/kept-head.ts';
import { imPartition, sha256 } from '../support/range-proposals.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const headOf = (signedAt: string, ...sizes: readonly number[]): SignedHead => ({
  installation: 'test',
  signedAt,
  heads: sizes.map((size, partition) => ({ ...imPartition(partition), size, root: sha256(`${size}`) })),
  keyId: '0123456789abcdef',
  signature: 'AAAA',
});

test('a head is kept, unless the one that is kept covers more of a partition', async () => {
  await using folder = await temporaryFolder();
  const keeper = headKeeperIn(folder.path);
  assert.equal(await keeper.newest(), undefined);
  const first = headOf('2026-01-01T00:00:00.000Z', 2, 5);
  await keeper.keep(first);
  for (const behind of [[1, 5], [3, 4], [2]]) {
    await keeper.keep(headOf('2026-01-01T00:00:01.000Z', ...behind));
    assert.deepEqual(await keeper.newest(), first);
  }
  const next = headOf('2026-01-01T00:00:02.000Z', 2, 6);
  await keeper.keep(next);
  assert.deepEqual(await keeper.newest(), next);
});
