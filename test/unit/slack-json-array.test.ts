import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { maxKeptBytes } from '../../services/importer/kept-bytes.ts';
import {
  JsonArraySplitter,
  type JsonElement,
  maxElementNesting,
} from '../../services/importer/slack/split-json-array.ts';

const split = (text: string | Uint8Array, blockBytes = Number.POSITIVE_INFINITY): JsonElement[] => {
  const bytes = Buffer.from(text);
  const splitter = new JsonArraySplitter();
  const elements: JsonElement[] = [];
  for (let at = 0; at < bytes.length; at += blockBytes)
    elements.push(...splitter.push(bytes.subarray(at, at + blockBytes)));
  return [...elements, ...splitter.end()];
};

const told = (elements: readonly JsonElement[]) =>
  elements.map(({ bytes, fault }) => [
    Buffer.from(bytes).toString(),
    ...(fault === undefined ? [] : [fault]),
  ]);

describe('elements of a JSON array', () => {
  test('are those JSON.parse sees, however the array is written and cut into blocks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 4 })),
        fc.constantFrom(undefined, 1, 4, '\t'),
        fc.integer({ min: 1, max: 50 }),
        (values, indent, blockBytes) => {
          const elements = split(`\ufeff \n${JSON.stringify(values, undefined, indent)}\r\n`, blockBytes);
          assert.deepEqual(
            elements.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString())),
            JSON.parse(JSON.stringify(values)),
          );
          assert.ok(
            elements.every(({ fault, number }, index) => fault === undefined && number === index + 1),
          );
        },
      ),
    );
  });

  test('quotes, brackets and commas inside of strings cut nothing', () => {
    assert.deepEqual(told(split('[{"a":"],[\\"}{"},"\\\\",["x,y"]]')), [
      ['{"a":"],[\\"}{"}'],
      ['"\\\\"'],
      ['["x,y"]'],
    ]);
  });

  test('a broken element spoils no other', () => {
    assert.deepEqual(told(split('[{"a":1},{"b":oops},{"c":3} {"d":4},,{"e":5}]')), [
      ['{"a":1}'],
      ['{"b":oops}'],
      ['{"c":3} {"d":4}'],
      [''],
      ['{"e":5}'],
    ]);
  });

  test('what is no array, goes on after it or ends inside of it is told with its bytes', () => {
    assert.deepEqual(told(split('{"ok":false}')), [['{"ok":false}', 'expected a JSON array']]);
    assert.deepEqual(told(split('   ')), [['', 'expected a JSON array']]);
    assert.deepEqual(told(split('[1] \n [2]')), [['1'], ['[2]', 'something after the end of the array']]);
    assert.deepEqual(told(split('[1,{"text":"cut o')), [
      ['1'],
      ['{"text":"cut o', 'the file ends inside of its array'],
    ]);
    assert.deepEqual(told(split('[1,')), [['1'], ['', 'the file ends inside of its array']]);
    assert.deepEqual(told(split('[ ]')), []);
  });

  test('deep nesting is told before anybody follows it', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const [fine, deep, next] = split(`[${nested(maxElementNesting)},${nested(maxElementNesting + 1)},1]`);
    assert.equal(fine?.fault, undefined);
    assert.match(deep?.fault ?? '', /at most 64 levels/);
    assert.equal(next?.fault, undefined);
  });

  test('of an enormous element only its beginning is held, with the hash of all of it', () => {
    const [enormous, next] = split(`["${'x'.repeat(3 * maxKeptBytes)}",2]`, 64 * 1024);
    assert.equal(enormous?.bytes.length, maxKeptBytes);
    assert.equal(enormous?.cut?.totalBytes, 3 * maxKeptBytes + 2);
    assert.deepEqual(told([next!]), [['2']]);
  });
});
