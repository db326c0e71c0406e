import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bearer, personKeys } from '../../services/core/item/person-keys.ts';

let asked = 0;
const fresh = (): string => {
  asked += 1;
  return `${asked}-`;
};

test('a line break in an address or name does not give one person the keys of another', () => {
  const whole = personKeys({ id: 'P1', address: 'ann\nlee' });
  const parted = personKeys({ id: 'P1', address: 'ann', name: 'lee' });
  assert.notDeepEqual(whole, parted);
  assert.ok(parted.includes('xann'));
  assert.ok(!whole.includes('xann'));
});

test('the keys of a person are the same whoever was asked about before, with and without a letter', () => {
  const texts = fc.constantFrom('a', 'b', '1', '1 ', 'a\nb', '\n', 'a\n1 b', '');
  const people = fc.record(
    {
      id: fc.constantFrom('a', 'fa', 'f'),
      address: texts.filter((text) => text !== ''),
      name: texts,
    },
    { requiredKeys: ['id', 'address'] },
  );
  fc.assert(
    fc.property(people, fc.constantFrom('', 'f'), (person, part) => {
      const keys = personKeys(person, part);
      // More letters than are ever remembered under: made anew, because nobody asked with this one.
      const anew = personKeys(person, `${part}${fresh()}`).map((key) => key.replace(/^(f?)\d+-/, '$1'));
      assert.deepEqual(keys, anew);
    }),
    { seed: 2, numRuns: 500 },
  );
});

test('every key of a person has the letter of the part they took', () => {
  const ann: Bearer = { id: 'P1', address: 'ann@it.contoso.com', name: 'Ann Lee' };
  assert.deepEqual(
    personKeys(ann, 'f'),
    personKeys(ann).map((key) => `f${key}`),
  );
});
