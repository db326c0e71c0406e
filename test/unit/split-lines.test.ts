import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { maxKeptBytes } from '../../services/importer/kept-bytes.ts';
import { LineSplitter, type SourceLine } from '../../services/importer/split-lines.ts';

const split = (blocks: readonly Uint8Array[]): SourceLine[] => {
  const splitter = new LineSplitter();
  return [...blocks.flatMap((block) => [...splitter.push(block)]), ...splitter.end()];
};

test('lines are the same however the bytes come in blocks', () => {
  const bytes = fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', '가', ''), { maxLength: 40 });
  const property = fc.property(bytes, fc.array(fc.nat(60), { maxLength: 8 }), (parts, cuts) => {
    const whole = Buffer.from(parts.join(''));
    const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
    const blocks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
    const expected = whole.toString().split('\n');
    if (expected.at(-1) === '') expected.pop();
    const lines = split(blocks);
    assert.deepEqual(
      lines.map(({ bytes }) => Buffer.from(bytes).toString()),
      expected.map((line) => line.replace(/\r$/, '')),
    );
    assert.deepEqual(
      lines.map(({ number }) => number),
      expected.map((_, index) => index + 1),
    );
  });
  fc.assert(property, { seed: 10, numRuns: 500 });
});

test('of a line beyond the limit the beginning is kept, the rest counted and hashed', () => {
  const long = Buffer.alloc(maxKeptBytes * 2 + 7, 'x');
  const file = Buffer.concat([Buffer.from('before\n'), long, Buffer.from('\nafter')]);
  const blocks = Array.from({ length: Math.ceil(file.length / 65_536) }, (_, index) =>
    file.subarray(index * 65_536, (index + 1) * 65_536),
  );
  const [before, cut, after] = split(blocks);
  assert.deepEqual(cut?.cut, { totalBytes: long.length, sha256: hash('sha256', long) });
  assert.equal(cut?.bytes.length, maxKeptBytes);
  assert.deepEqual([before?.cut, after?.cut], [undefined, undefined]);
  assert.equal(Buffer.from(after?.bytes ?? []).toString(), 'after');
});

test('a line of exactly the limit is whole', () => {
  const [line] = split([Buffer.alloc(maxKeptBytes, 'x')]);
  assert.equal(line?.cut, undefined);
  assert.equal(line?.bytes.length, maxKeptBytes);
});
