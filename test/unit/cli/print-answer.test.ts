import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item, Version } from '../../../schemas/archive/item.ts';
import { excerptOf, headingOf, printHit, textOf } from '../../../services/cli/print-answer.ts';
import { printable } from '../../../services/cli/printable.ts';
import { buildItem } from '../../support/item-builder.ts';

const escapeSign = String.fromCharCode(27);
const hostile = `a${escapeSign}[2Jb\r\nc\u202ed\u0085e`;

const versionOf = (body: string): Version => {
  const [version] = buildItem({ body }).versions;
  assert(version);
  return { ...version, body };
};

test('nothing archived can move the cursor, recolour or reorder what a terminal shows', () => {
  assert.equal(printable(hostile), 'a[2Jb cde');
  const item: Item = buildItem({ body: hostile });
  const [first] = item.versions;
  assert(first);
  const named: Item = {
    ...item,
    conversation: { ...item.conversation, name: hostile },
    versions: [{ ...first, author: { ...first.author, name: hostile } }],
  };
  for (const shown of [headingOf(named, 'UTC'), textOf(first, [], false)])
    assert.doesNotMatch(shown, /[\p{Cc}\u202e]/u);
});

test('of a long body the part around the first highlight is shown', () => {
  const body = `${'before '.repeat(1000)}needle${' after'.repeat(1000)}`;
  const shown = excerptOf(versionOf(body), [{ version: 1, part: 'body', offset: 7000, length: 6 }], true);
  assert(shown.length < 700, String(shown.length));
  assert.match(shown.replaceAll(escapeSign, '<'), /^… .*before <\[1mneedle<\[0m after.* …$/);
});

test('of a long body without a highlight the beginning is shown, and a short one is shown whole', () => {
  assert.match(excerptOf(versionOf('x'.repeat(5000)), [], false), /^x{500} …$/);
  assert.equal(excerptOf(versionOf('short'), [], false), 'short');
});

test('a hit with more matching places than marks says so', () => {
  const lines: string[] = [];
  const out = (line: string) => void lines.push(line);
  const terminal = { colour: false, interactive: false, out, err: () => undefined };
  const highlights = [{ version: 1, part: 'body', offset: 0, length: 1 }] as const;
  const hit = { item: buildItem({ body: 'a a' }), versions: [1], highlights: [...highlights] };
  printHit(terminal, hit, 'UTC');
  assert.equal(lines.length, 2);
  printHit(terminal, { ...hit, moreHighlights: true }, 'UTC');
  assert.equal(lines.at(-1), '  (more places match than the 1 that are marked)');
});
