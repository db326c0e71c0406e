import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BodyLine, LineSplitter } from '../../../services/search-api/http/line-splitter.ts';

const split = (chunks: readonly Uint8Array[], maxLineBytes: number): BodyLine[] => {
  const splitter = new LineSplitter(maxLineBytes);
  const lines = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
  const last = splitter.end();
  return last === undefined ? lines : [...lines, last];
};

test('lines are the same however the bytes are cut into chunks', () => {
  const text = fc.array(fc.constantFrom('a', 'bc', '한', '\n', '\r\n', ' ', '{}'), { maxLength: 40 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 7 }), (parts, size) => {
      const bytes = Buffer.from(parts.join(''));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const whole = bytes
        .toString()
        .split('\n')
        .map((line, at) => ({ number: at + 1, text: line.replace(/\r$/, '') }))
        .filter(({ text }) => text.trim() !== '');
      const lines = split(chunks, 1_000);
      assert.deepEqual(
        lines.map(({ number, bytes }) => ({ number, text: Buffer.from(bytes ?? []).toString() })),
        whole,
      );
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('a line over the limit is told without its bytes, and the next one is whole', () => {
  const lines = split([Buffer.from('aaaa'), Buffer.from('aaaaaaa\nbb\n'), Buffer.from('ccccc')], 5);
  assert.deepEqual(
    lines.map(({ number, bytes }) => [number, bytes?.length]),
    [
      [1, undefined],
      [2, 2],
      [3, 5],
    ],
  );
});

test('a line owns its bytes', () => {
  const chunk = Buffer.from('one\ntwo\n');
  const [one] = split([chunk], 100);
  assert.equal(one?.bytes?.buffer.byteLength, 3);
});
