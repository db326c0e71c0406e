import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { faultCodes, warningCodes } from '../../services/core/query/fault.ts';
import { laterProperties, properties } from '../../services/core/query/property-table.ts';
import { settingNames } from '../../services/core/read-config.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const queryPage = read('docs/query-language.md');

/** What the first cells of table rows name in backticks, of rows with this many cells. */
const rowNames = (page: string, cells: number): string[] =>
  page
    .split('\n')
    .filter((line) => line.split(/(?<!\\)\|/).length === cells + 2)
    .flatMap((line) => /^\| `(\w+)` \|/.exec(line)?.[1] ?? []);

test('the query language page has a row for every fault code, and for nothing else', () => {
  const section = queryPage.split(/^## /m).find((part) => part.includes('. Faults')) ?? '';
  assert.deepEqual(rowNames(section, 4), [...faultCodes]);
});

test('the query language page has a row for every warning code, and for nothing else', () => {
  assert.deepEqual(rowNames(queryPage, 5), [...warningCodes]);
});

/** The lists are types, so no other code can be used; this keeps dead ones out of the page. */
test('every fault and warning code is used', () => {
  const paths = globSync('services/core/query/*.ts', { cwd: root }).filter(
    (path) => !/fault\.ts$/.test(path),
  );
  const sources = paths.map(read).join('\n');
  const dead = [...faultCodes, ...warningCodes].filter((code) => !sources.includes(`'${code}'`));
  assert.deepEqual(dead, []);
});

test('the query language page names every property, of this release and of later ones', () => {
  const named = (name: string) => new RegExp(`\`${name}[:\`]`).test(queryPage);
  const missing = [...Object.keys(properties), ...laterProperties].filter((name) => !named(name));
  assert.deepEqual(missing, []);
});

test('the operations page has a row for every setting, and for nothing else', () => {
  const rows = [...read('docs/operations.md').matchAll(/^\| `(HOLDFAST_\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows.toSorted(), [...settingNames.keys()].toSorted());
});

/** Anchors as GitHub makes them of headings. */
const anchorsOf = (page: string): Set<string> =>
  new Set(
    [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );

test('every relative link of README, ARCHITECTURE and docs points at something', () => {
  const broken: string[] = [];
  for (const path of ['README.md', 'ARCHITECTURE.md', ...globSync('docs/*.md', { cwd: root })]) {
    for (const [, link = ''] of read(path).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z][a-z+.-]*:/i.test(link)) continue;
      const [target = '', anchor] = link.split('#');
      const file = target === '' ? path : join(dirname(path), decodeURIComponent(target));
      if (!existsSync(join(root, file))) broken.push(`${path}: ${link}`);
      else if (anchor !== undefined && file.endsWith('.md') && !anchorsOf(read(file)).has(anchor))
        broken.push(`${path}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});
