import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonFault } from '../../../services/search-api/http/find-json-fault.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('it finds a fault exactly where JSON.parse refuses', () => {
  const mutated = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', ']', '}', '"', '\\', 'x', '0', '\n', ':', ' ', '\u2028'),
    )
    .map(([json, at, sign]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + sign + json.slice(place + (at % 2));
    });
  fc.assert(
    fc.property(mutated, (text) => {
      assert.equal(findJsonFault(text) === undefined, isJson(text), text);
    }),
    { seed: 7, numRuns: 2_000 },
  );
});

test('the place is the first character that cannot go on', () => {
  const cases: [string, number, RegExp][] = [
    ['', 0, /a value/],
    ['{"a": x}', 6, /a value/],
    ['{"a": 01}', 6, /a value/],
    ['{"a" 1}', 5, /":"/],
    ['{a: 1}', 1, /name in quotes or "}"/],
    ['{"a": 1,}', 8, /name in quotes$/],
    ['[1, 2', 5, /closing bracket/],
    ['[1 2]', 3, /closing bracket/],
    ['{} {}', 3, /nothing more/],
    ['"abc', 4, /closing quote/],
    ['"a\nb"', 2, /allowed in a string/],
    ['"a\\q"', 2, /allowed in a string/],
    ['[truefalse]', 1, /a value/],
  ];
  for (const [text, offset, expected] of cases) {
    const fault = findJsonFault(text);
    assert.equal(fault?.offset, offset, text);
    assert.match(fault?.expected ?? '', expected, text);
  }
});

test('100,000 brackets cost no stack', () => {
  assert.equal(findJsonFault('['.repeat(100_000))?.offset, 100_000);
});
