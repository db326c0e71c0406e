import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mutations } from '../simulator/mutations.ts';

test('the text that each deliberate bug changes is in the code, once', () => {
  const missing = mutations.filter(({ file, from }) => {
    const source = readFileSync(new URL(`../../services/${file}`, import.meta.url), 'utf8');
    return source.split(from).length !== 2;
  });
  assert.deepEqual(
    missing.map(({ name }) => name),
    [],
  );
});
