import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failpoints } from '../campaign/kills/kill-plan.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = globSync('services/**/*.ts', { cwd: root });

const documented = [...read('docs/failpoints.md').matchAll(/^\| `([a-z.-]+)` \| \d/gm)].map(
  ([, name]) => name,
);

test('the failpoints in the services are those of the table in docs/failpoints.md', () => {
  const passed = sources.flatMap((path) =>
    [...read(path).matchAll(/\bfailpoint\('([^']+)'/g)].map(([, name]) => name),
  );
  assert.deepEqual([...new Set(passed)].sort(), documented.toSorted());
});

test('the kill campaign aims at each of them', () => {
  assert.deepEqual([...failpoints].sort(), documented.toSorted());
});

test('a failpoint does nothing, and nothing in the services can arm it', () => {
  assert.match(read('services/core/failpoint.ts'), /export const failpoint = \(.*\): void => \{\};\n$/);
  assert.deepEqual(
    sources.filter((path) => read(path).includes('HOLDFAST_FAILPOINT')),
    [],
  );
});
