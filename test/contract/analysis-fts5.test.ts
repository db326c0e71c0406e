import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { analyzeToTokens } from '../../services/core/analysis/analyze-to-tokens.ts';
import { partSeparator } from '../../services/core/analysis/special-tokens.ts';
import { encodeValue } from '../../services/core/item/key-text.ts';

const codePointsPerRow = 4096;

/** The tokens FTS5 makes of each text, as its own vocabulary tells them. */
const storedTokens = (texts: readonly string[]): Set<string> => {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE VIRTUAL TABLE words USING fts5(text, tokenize='ascii')`);
  database.exec(`CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row')`);
  const insert = database.prepare('INSERT INTO words(text) VALUES (?)');
  for (const text of texts) insert.run(text);
  const terms = database.prepare('SELECT term FROM vocabulary').all();
  database.close();
  return new Set(terms.map(({ term }) => String(term)));
};

/** Texts that together have every code point but the surrogates, each between two letters and alone. */
const everyCodePoint = (): string[] => {
  const texts: string[] = [];
  for (let first = 0; first <= 0x10ffff; first += codePointsPerRow) {
    let text = '';
    for (let code = first; code < first + codePointsPerRow; code += 1)
      if (code < 0xd800 || code > 0xdfff)
        text += `x${String.fromCodePoint(code)}y ${String.fromCodePoint(code)} `;
    texts.push(text);
  }
  return texts;
};

describe('FTS5 with the ascii tokenizer', () => {
  it('stores the tokens of every code point exactly as the analyzer gives them', () => {
    const tokens = everyCodePoint().map((text) => analyzeToTokens(text).tokens);
    const expected = new Set(tokens.flat());
    expected.add(partSeparator);
    const stored = storedTokens([...tokens.map((list) => list.join(' ')), partSeparator]);
    assert.ok(expected.size > 100_000);
    assert.equal(stored.size, expected.size);
    for (const token of expected) assert.ok(stored.has(token), JSON.stringify(token));
  });

  it('stores the key of every code point of the first two planes, tags and private use as one token', () => {
    const keys: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1)
      if (code < 0x20000 || (code >= 0xe0000 && code < 0xf1000))
        keys.push(`k${encodeValue(String.fromCodePoint(code))}z`);
    const stored = storedTokens([keys.join(' ')]);
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(stored.size, keys.length);
  });
});
