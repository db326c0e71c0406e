import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from '../../services/core/canonical-json.ts';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
};

test('names are sorted by code unit, members without value left out', () => {
  assert.equal(
    canonicalJson({
      b: 1,
      a: [undefined, null, true, 'x"\n'],
      '\u{1f44d}': {},
      '\uffff': [],
      gone: undefined,
    }),
    '{"a":[null,null,true,"x\\"\\n"],"b":1,"\u{1f44d}":{},"\uffff":[]}',
  );
});

test('canonical text says the same as JSON and does not depend on the order of names', () => {
  const property = fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const text = canonicalJson(value as JsonValue);
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    assert.equal(canonicalJson(shuffled(value) as JsonValue), text);
  });
  fc.assert(property, { seed: 8785, numRuns: 300 });
});

test('objects with many names are sorted too', () => {
  const names = Array.from({ length: 100 }, (_, index) => `n${(index * 37) % 100}`);
  const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 1])));
  assert.deepEqual(Object.keys(JSON.parse(text)), [...names].sort());
});
