import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ItemEvent } from '../../../schemas/archive/item.ts';
import { faultCodes, warningCodes } from '../../../services/core/query/fault.ts';

const page = join(import.meta.dirname, '../../../services/search-api/page');
const strings = JSON.parse(readFileSync(join(page, 'strings.json'), 'utf8')) as Record<
  string,
  Record<string, string>
>;
const fillingsOf = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('every string has English, Korean and traditional Chinese with the same fillings', () => {
  for (const [name, texts] of Object.entries(strings)) {
    assert.deepEqual(Object.keys(texts), ['en', 'ko', 'zh-Hant'], name);
    for (const text of Object.values(texts)) {
      assert.notEqual(text.trim(), '', name);
      assert.deepEqual(fillingsOf(text), fillingsOf(texts.en), name);
    }
  }
});

test('every code of the query language and every system item has its words', () => {
  const wanted = [
    ...faultCodes.map((code) => `fault.${code}`),
    ...warningCodes.map((code) => `warning.${code}`),
    ...ItemEvent.options.filter((event) => event !== 'message').map((event) => `system.${event}`),
  ];
  assert.deepEqual(
    wanted.filter((name) => strings[name] === undefined),
    [],
  );
});

test('every string is used', () => {
  const sources = readdirSync(page)
    .filter((name) => /\.(js|html)$/.test(name))
    .map((name) => readFileSync(join(page, name), 'utf8'))
    .join('\n');
  const unused = Object.keys(strings).filter(
    (name) => !/^(fault|warning|system|part)\./.test(name) && !new RegExp(`['"]${name}['"]`).test(sources),
  );
  assert.deepEqual(unused, []);
});

test('the page as served says in English what the strings say', () => {
  const html = readFileSync(join(page, 'index.html'), 'utf8');
  const texts = [...html.matchAll(/data-text="(\w+)">([^<]*)</g)];
  assert.ok(texts.length >= 10);
  for (const [, name = '', text = ''] of texts)
    assert.equal(text.replace(/\s+/g, ' ').trim(), strings[name]?.en, name);
});
