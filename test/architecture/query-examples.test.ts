import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { matchItem } from '../../services/core/query/match-item.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import type { ParseResult } from '../../services/core/query/parsed-query.ts';
import { buildItem } from '../support/item-builder.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/query-language.md'), 'utf8');
const options = { now: new Date('2024-05-15T12:00:00Z'), timeZone: 'UTC' };

const cellsOf = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

/** What stands between backticks, in order. */
const codesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');

/** Rows of every table whose header has these columns, as the cells of these columns. */
const rowsOf = (...columns: readonly string[]): string[][] => {
  const rows: string[][] = [];
  let places: number[] = [];
  for (const line of page.split('\n')) {
    if (!line.startsWith('|')) places = [];
    else if (places.length > 0) rows.push(places.map((place) => cellsOf(line)[place] ?? ''));
    else if (columns.every((column) => cellsOf(line).includes(column)))
      places = columns.map((column) => cellsOf(line).indexOf(column));
  }
  return rows.filter(([first]) => !/^-+$/.test(first ?? ''));
};

const faultsOf = (result: ParseResult): string[] => (result.ok ? [] : result.faults.map(({ code }) => code));

test('every echo in the query language page is what the parser answers', () => {
  const rows = rowsOf('Query', 'Understood as');
  assert.ok(rows.length > 30);
  for (const [query = '', echo = ''] of rows.map(([a = '', b = '']) => [...codesIn(a), ...codesIn(b)])) {
    const result = parseQuery(query, options);
    assert.deepEqual(faultsOf(result), [], query);
    assert.equal(result.ok && result.parsed.echo, echo, query);
  }
});

test('every text in the query language page is found, or not, as the page says', () => {
  const rows = rowsOf('Text', 'Query', 'Found');
  assert.ok(rows.length > 30);
  for (const [text = '', written = '', found = ''] of rows) {
    const [body = '', ...files] = codesIn(text);
    const [query = ''] = codesIn(written);
    const result = parseQuery(query, options);
    assert.ok(result.ok, query);
    const item = buildItem({ body, ...(files.length === 0 ? {} : { files }) });
    const expected = { yes: 'true', no: 'false', unknown: 'unknown' }[found];
    assert.equal(matchItem(result.parsed.query, item).truth, expected, `${query} in ${body}`);
  }
});

test('every example of a fault or warning in the query language page gives that code', () => {
  const faults = [...rowsOf('Code', 'Example', 'Meaning', 'What to do'), ...rowsOf('Refused', 'Query')];
  assert.ok(faults.length > 30);
  for (const [code, query] of faults.map(([a = '', b = '']) => [codesIn(a)[0], codesIn(b)[0]])) {
    if (query === undefined || code === undefined) continue;
    const result = parseQuery(query, options);
    const warnings = result.ok ? result.parsed.warnings.map((warning) => warning.code) : [];
    assert.ok([...faultsOf(result), ...warnings].includes(code), `${query}: ${code}`);
  }
});
