import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyzeToTokens } from '../../services/core/analysis/analyze-to-tokens.ts';
import { partSeparator } from '../../services/core/analysis/special-tokens.ts';
import { encodeValue } from '../../services/core/item/key-text.ts';
import { keysOf } from '../../services/core/item/keys.ts';
import { viewOf } from '../../services/core/item/version-view.ts';
import { ask, sharedUrl, withTestIndex } from '../support/elasticsearch-index.ts';
import { needsEngines } from '../support/engines.ts';
import { buildItem } from '../support/item-builder.ts';

/** The engine gives out at most 10,000 tokens of one text. */
const tokensPerText = 9_000;
const codePointsPerText = 4096;

/** What the engine makes of tokens joined by one space, as they are in a field of the index. */
const engineTokens = async (
  installation: string,
  tokens: readonly string[],
  field: string,
): Promise<string[]> => {
  const path = `/holdfast-${installation}-read/_analyze?filter_path=tokens.token`;
  const found: string[] = [];
  for (let from = 0; from < tokens.length; from += tokensPerText) {
    const text = tokens.slice(from, from + tokensPerText).join(' ');
    const answer = await ask(sharedUrl(), ['POST', path], { field: `versions.${field}`, text });
    for (const { token } of answer.tokens as { token: string }[]) found.push(token);
  }
  return found;
};

/** Fails with the first that differs: all of them are too many to print. */
const assertSame = (found: readonly string[], expected: readonly string[]): void => {
  const at = expected.findIndex((token, index) => found[index] !== token);
  if (at >= 0) assert.equal(JSON.stringify(found[at]), JSON.stringify(expected[at]));
  assert.equal(found.length, expected.length);
};

/** Tokens of texts that together have every code point but the surrogates, each between two letters and alone. */
const tokensOfEveryCodePoint = (): string[] => {
  const tokens = new Set<string>([partSeparator]);
  for (let first = 0; first <= 0x10ffff; first += codePointsPerText) {
    let text = '';
    for (let code = first; code < first + codePointsPerText; code += 1)
      if (code < 0xd800 || code > 0xdfff)
        text += `x${String.fromCodePoint(code)}y ${String.fromCodePoint(code)} `;
    for (const token of analyzeToTokens(text).tokens) tokens.add(token);
  }
  return [...tokens];
};

describe('Elasticsearch with the whitespace analyzer', { skip: needsEngines }, () => {
  it('has the tokens of every code point exactly as the analyzer gives them', async () => {
    await using index = await withTestIndex();
    const tokens = tokensOfEveryCodePoint();
    assert.ok(tokens.length > 100_000);
    assertSame(await engineTokens(index.installation, tokens, 'body'), tokens);
  });

  it('has the key of every code point of the first two planes, tags and private use as one token', async () => {
    await using index = await withTestIndex();
    const keys: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1)
      if (code < 0x20000 || (code >= 0xe0000 && code < 0xf1000))
        keys.push(`k${encodeValue(String.fromCodePoint(code))}z`);
    assertSame(await engineTokens(index.installation, keys, 'keys'), keys);
  });

  it('cuts no token and no key, though it cuts at 255 characters: ours end before', async () => {
    await using index = await withTestIndex();
    const cut = await engineTokens(index.installation, ['x'.repeat(256)], 'body');
    assert.deepEqual(cut, ['x'.repeat(255), 'x']);
    const long = [
      'x',
      '7',
      '\u{1d4b3}',
      '\ufdfa',
      '회',
      '\u{20000}',
      '\u0390',
      '👨‍👩‍👧‍👦',
      'e\u0301\u0323',
      '1-',
    ];
    const text = long.map((character) => character.repeat(1000)).join(' ');
    for (const person of [
      ...long.map((character) => character.repeat(Math.floor(250 / character.length))),
      `${'@'.repeat(150)}${'É'.repeat(100)}`,
    ]) {
      const item = buildItem({
        body: text,
        subject: text,
        files: long.map((character) => character.repeat(80)),
        from: { id: person, address: `${person}@${person}.x`.slice(0, 320), name: person },
        conversation: { id: person, name: person.repeat(3) },
        session: person,
      });
      const { subject, body, names, joined } = viewOf(item, item.versions[0]!);
      const tokens = [...subject, ...body, ...names.flat(), ...joined];
      assertSame(await engineTokens(index.installation, tokens, 'body'), tokens);
      const keys = keysOf(item, item.versions[0]!);
      assertSame(await engineTokens(index.installation, keys, 'keys'), keys);
    }
  });
});
