import assert from 'node:assert/strict';
import { generateKeyPairSync, hash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import { keyIdOf, signHead, type UnsignedHead, verifyHead } from '../../services/core/ledger/head.ts';
import { leafBytes, leafHashOf } from '../../services/core/ledger/leaf.ts';
import {
  appendLeaf,
  emptyRoot,
  hashChildren,
  hashLeaf,
  rootOf,
  rootOfLeaves,
} from '../../services/core/ledger/merkle.ts';
import {
  collectRangeRoots,
  consistencyProof,
  inclusionProof,
  inclusionRanges,
  verifyConsistency,
  verifyInclusion,
} from '../../services/core/ledger/proofs.ts';

// The vectors every Certificate Transparency implementation is tested with.
const vectorLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => hashLeaf(Buffer.from(hex, 'hex')));
const vectorRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const [node1, node23, node4567, node4, node45, root4, root2, root1, node6] = [
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
] as const;

const someLeaves = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => hashLeaf(Buffer.from(`leaf ${index}`)));

const flipBit = (hex: string, bit: number): string => {
  const bytes = Buffer.from(hex, 'hex');
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return bytes.toString('hex');
};

describe('published RFC 6962 vectors', () => {
  test('the roots of trees of 0 to 8 leaves are the published ones', () => {
    for (const [size, root] of vectorRoots.entries()) {
      assert.equal(rootOfLeaves(vectorLeaves.slice(0, size)), root);
    }
    assert.equal(emptyRoot, vectorRoots[0]);
  });

  test('the inclusion proofs are the published ones', () => {
    const expected = [
      { index: 0, size: 1, proof: [] },
      { index: 0, size: 8, proof: [node1, node23, node4567] },
      { index: 5, size: 8, proof: [node4, node45, root4] },
      { index: 2, size: 3, proof: [root2] },
      { index: 1, size: 5, proof: [root1, node23, node4] },
    ];
    for (const { index, size, proof } of expected) {
      assert.deepEqual(inclusionProof(vectorLeaves.slice(0, size), index), proof);
      const claim = { leafHash: vectorLeaves[index]!, index, size, root: vectorRoots[size]!, proof };
      assert.ok(verifyInclusion(claim));
    }
  });

  test('the consistency proofs are the published ones', () => {
    const expected = [
      { oldSize: 1, size: 1, proof: [] },
      { oldSize: 1, size: 8, proof: [node1, node23, node4567] },
      { oldSize: 6, size: 8, proof: [node6, node45, root4] },
      { oldSize: 2, size: 5, proof: [node23, node4] },
    ];
    for (const { oldSize, size, proof } of expected) {
      assert.deepEqual(consistencyProof(vectorLeaves.slice(0, size), oldSize), proof);
      const roots = { oldRoot: vectorRoots[oldSize]!, root: vectorRoots[size]! };
      assert.ok(verifyConsistency({ oldSize, size, ...roots, proof }));
    }
  });
});

describe('trees', () => {
  test('a tree grown leaf by leaf has the root that the recursive definition gives', () => {
    const defined = (leaves: readonly string[]): string => {
      if (leaves.length <= 1) return leaves[0] ?? emptyRoot;
      const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
      return hashChildren(defined(leaves.slice(0, split)), defined(leaves.slice(split)));
    };
    let peaks: string[] = [];
    for (const [size, leaf] of someLeaves(130).entries()) {
      peaks = appendLeaf(peaks, size, leaf);
      assert.equal(rootOf(peaks, size + 1), defined(someLeaves(size + 1)));
    }
  });

  test('peaks that do not belong to the size are refused', () => {
    assert.throws(() => rootOf([root1], 3), /cannot have 1 peaks/);
    assert.throws(() => appendLeaf([], 1, root1), /cannot have 0 peaks/);
  });

  test('every inclusion proof verifies, and with any bit flipped it fails', () => {
    const scene = fc
      .integer({ min: 1, max: 70 })
      .chain((size) =>
        fc.record({ size: fc.constant(size), index: fc.nat(size - 1), bit: fc.nat(255), part: fc.nat(9) }),
      );
    const property = fc.property(scene, ({ size, index, bit, part }) => {
      const leaves = someLeaves(size);
      const proof = inclusionProof(leaves, index);
      const claim = { leafHash: leaves[index]!, index, size, root: rootOfLeaves(leaves), proof };
      assert.ok(verifyInclusion(claim));
      assert.ok(!verifyInclusion({ ...claim, leafHash: flipBit(claim.leafHash, bit) }));
      assert.ok(!verifyInclusion({ ...claim, root: flipBit(claim.root, bit) }));
      assert.ok(!verifyInclusion({ ...claim, proof: [...proof, root1] }));
      assert.ok(!verifyInclusion({ ...claim, index: size }));
      if (size > 1) assert.ok(!verifyInclusion({ ...claim, index: (index + 1) % size }));
      const at = part % Math.max(1, proof.length);
      const changed = proof.map((node, step) => (step === at ? flipBit(node, bit) : node));
      if (proof.length > 0) assert.ok(!verifyInclusion({ ...claim, proof: changed }));
    });
    fc.assert(property, { seed: 6962, numRuns: 200 });
  });

  test('every consistency proof verifies, and with any bit flipped it fails', () => {
    const scene = fc
      .integer({ min: 1, max: 70 })
      .chain((size) =>
        fc.record({ size: fc.constant(size), oldSize: fc.nat(size), bit: fc.nat(255), part: fc.nat(9) }),
      );
    const property = fc.property(scene, ({ size, oldSize, bit, part }) => {
      const leaves = someLeaves(size);
      const proof = consistencyProof(leaves, oldSize);
      const roots = { oldRoot: rootOfLeaves(leaves.slice(0, oldSize)), root: rootOfLeaves(leaves) };
      const claim = { oldSize, size, ...roots, proof };
      assert.ok(verifyConsistency(claim));
      assert.ok(!verifyConsistency({ ...claim, oldRoot: flipBit(claim.oldRoot, bit) }));
      assert.ok(!verifyConsistency({ ...claim, proof: [...proof, root1] }));
      assert.ok(!verifyConsistency({ ...claim, oldSize: size + 1 }));
      if (oldSize > 0) assert.ok(!verifyConsistency({ ...claim, root: flipBit(claim.root, bit) }));
      const at = part % Math.max(1, proof.length);
      const changed = proof.map((node, step) => (step === at ? flipBit(node, bit) : node));
      if (proof.length > 0) assert.ok(!verifyConsistency({ ...claim, proof: changed }));
    });
    fc.assert(property, { seed: 6962, numRuns: 200 });
  });

  test('claims that are not hashes or sizes are false, not errors', () => {
    const claim = { leafHash: root1, index: 0, size: 1, root: root1, proof: [] };
    assert.ok(verifyInclusion(claim));
    assert.ok(!verifyInclusion({ ...claim, leafHash: root1.toUpperCase(), root: root1.toUpperCase() }));
    assert.ok(!verifyInclusion({ ...claim, index: 0.5 }));
    assert.ok(!verifyInclusion({ ...claim, index: -1 }));
    assert.ok(!verifyConsistency({ oldSize: Number.NaN, size: 1, oldRoot: root1, root: root1, proof: [] }));
  });

  test('a proof may be collected while leaves pass by, and says when some are missing', () => {
    const leaves = someLeaves(21);
    const collected = collectRangeRoots(inclusionRanges(13, 21));
    for (const leaf of leaves.slice(0, 20)) collected.add(leaf);
    assert.throws(() => collected.roots(), /no proof/);
    collected.add(leaves[20]!);
    assert.deepEqual(collected.roots(), inclusionProof(leaves, 13));
  });
});

describe('leaves', () => {
  const partition = { stream: 'im', generation: 1, partition: 2 } as const;
  const entry = {
    offset: 7,
    outcome: 'archived',
    eventId: 'e-1',
    itemId: 'e-1',
    valueHash: hash('sha256', 'value'),
    contentHash: hash('sha256', 'content'),
    itemHash: hash('sha256', 'item'),
    transformVersion: 1,
  } as LeafEntry;

  test('the encoding of a leaf never changes', () => {
    assert.equal(
      Buffer.from(leafBytes(partition, entry)).toString(),
      '["holdfast-leaf-1","im",1,2,7,"e-1","archived",' +
        '"cd42404d52ad55ccfa9aca4adc828aa5800ad9d385a0671fbcbf724118320619",' +
        '"ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73","e-1",' +
        '"4a33eacd5fa65f2b2e2871cd131286b53c415b131666d71173bb6e3fe59361b3",null,1]',
    );
  });

  test('every field of an entry changes its leaf, in whatever order it was built', () => {
    const changes = {
      offset: 8,
      outcome: 'conflict',
      eventId: 'e-2',
      itemId: 'e-2',
      reason: '',
      valueHash: hash('sha256', 'x'),
      contentHash: hash('sha256', 'x'),
      itemHash: hash('sha256', 'x'),
      transformVersion: 2,
    };
    const leaves = Object.entries(changes).map(([field, value]) =>
      leafHashOf(partition, { ...entry, [field]: value } as LeafEntry),
    );
    for (const place of [{ generation: 2 }, { partition: 3 }]) {
      leaves.push(leafHashOf({ ...partition, ...place }, entry));
    }
    assert.equal(new Set([...leaves, leafHashOf(partition, entry)]).size, leaves.length + 1);
    const reversed = Object.fromEntries(Object.entries(entry).reverse()) as LeafEntry;
    assert.equal(leafHashOf(partition, reversed), leafHashOf(partition, entry));
  });
});

describe('signed heads', () => {
  const keys = generateKeyPairSync('ed25519');
  const unsigned: UnsignedHead = {
    installation: 'contoso',
    signedAt: '2026-01-02T03:04:05.000Z',
    heads: [{ stream: 'im', generation: 1, partition: 0, size: 1, root: root1 }],
  };

  test('a head verifies with the key that signed it and names it', () => {
    const head = signHead(keys.privateKey, unsigned);
    assert.equal(head.keyId, keyIdOf(keys.publicKey));
    assert.ok(verifyHead(keys.publicKey, head));
    assert.ok(!verifyHead(generateKeyPairSync('ed25519').publicKey, head));
  });

  test('a head fails when anything of it was changed', () => {
    const head = signHead(keys.privateKey, unsigned);
    const first = head.heads[0]!;
    assert.ok(!verifyHead(keys.publicKey, { ...head, installation: 'other' }));
    assert.ok(!verifyHead(keys.publicKey, { ...head, signedAt: '2026-01-02T03:04:05.001Z' }));
    assert.ok(!verifyHead(keys.publicKey, { ...head, keyId: '0000000000000000' }));
    assert.ok(!verifyHead(keys.publicKey, { ...head, heads: [] }));
    for (const change of [
      { size: 2 },
      { root: root2 },
      { partition: 1 },
      { generation: 2 },
      { stream: 'x' },
    ]) {
      assert.ok(!verifyHead(keys.publicKey, { ...head, heads: [{ ...first, ...change }] }));
    }
    for (let bit = 0; bit < 512; bit += 1) {
      const bytes = Buffer.from(head.signature, 'base64');
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      assert.ok(!verifyHead(keys.publicKey, { ...head, signature: bytes.toString('base64') }));
    }
    assert.ok(!verifyHead(keys.publicKey, { ...head, signature: `${head.signature}=` }));
  });
});
