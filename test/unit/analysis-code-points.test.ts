import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { analyze } from '../../services/core/analysis/analyze.ts';
import { analyzeText, analyzeToTokens } from '../../services/core/analysis/analyze-to-tokens.ts';
import { emojiEnd } from '../../services/core/analysis/emoji.ts';
import { clusterEnd, foldText } from '../../services/core/analysis/fold.ts';

const codePoints = function* (): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code += 1)
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
};
// What engines would split at: white space, and ASCII other than small letters and digits.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what must not occur
const breaksEngines = /[\s\u0000-\u002f\u003a-\u0060\u007b-\u007f]/u;

describe('every code point', () => {
  it('gives tokens that engines keep whole, alone and between letters', () => {
    for (const character of codePoints())
      for (const token of analyzeToTokens(`x${character}y ${character}`).tokens)
        assert.ok(token !== '' && !breaksEngines.test(token), `U+${character.codePointAt(0)?.toString(16)}`);
  });

  it('folds to what folds to itself', () => {
    for (const character of codePoints())
      assert.equal(foldText(foldText(character)), foldText(character), JSON.stringify(character));
  });

  it('is in the cluster of the character before it if normalisation may join them', () => {
    const joining = new Set<string>();
    for (const character of codePoints()) {
      const parts = [...character.normalize('NFD')];
      if (parts.length > 1 && character.normalize('NFC') === character) joining.add(parts.at(-1)!);
    }
    for (const character of codePoints()) {
      const [first = ''] = character.normalize('NFKD');
      if (joining.has(first) || /\p{M}/u.test(first))
        assert.ok(clusterEnd(`a${character}`, 0) > 1, `U+${character.codePointAt(0)?.toString(16)}`);
    }
  });

  it('that normalisation changes is never an emoji', () => {
    for (const character of codePoints())
      if (character.normalize('NFKC') !== character)
        assert.equal(emojiEnd(`${character}\ufe0f`, 0), -1, `U+${character.codePointAt(0)?.toString(16)}`);
  });
});

const mixed = fc.string({
  unit: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        ...'aZé09 -.+#%&$*\n회의록内線カガ々ー👍🏿❤️🇰🇷\u200d\u0301\u200b\ufe0f\u20e3ﬃß\ue000ㅋㄳ',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  ),
  maxLength: 60,
});
const runs = { numRuns: 3000, seed: 20260728 };

describe('analysis of any text', () => {
  it('gives the same on the quick ASCII path as on the general one', () => {
    const ascii = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'aZ09 -.+#%&$_\'"\n'),
        fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
        fc.constantFrom('1'.repeat(70), 'x'.repeat(70)),
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(ascii, (text) => {
        const { tokens, joined } = analyze(text);
        const quick = analyzeToTokens(text);
        assert.deepEqual(
          quick.tokens,
          tokens.map((token) => token.text),
        );
        assert.deepEqual(
          quick.joined,
          joined.map((token) => token.text),
        );
      }),
      runs,
    );
  });

  it('keeps places inside the text and in order, and tokens within their limit', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        let before = 0;
        for (const { start, end, headEnd, text: token } of analyze(text).tokens) {
          assert.ok(start >= before && start < headEnd && headEnd <= end && end <= text.length);
          assert.ok([...token].length <= 64 && !breaksEngines.test(token));
          before = start;
        }
      }),
      runs,
    );
  });

  it('folds cluster by cluster exactly as it folds the whole', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        let folded = '';
        for (let start = 0; start < text.length; ) {
          const end = clusterEnd(text, start);
          folded += foldText(text.slice(start, end));
          start = end;
        }
        assert.equal(folded, foldText(text));
      }),
      runs,
    );
  });

  it('is the same for any normal form of the text', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        assert.equal(analyzeText(text.normalize('NFD')), analyzeText(text.normalize('NFC')));
      }),
      runs,
    );
  });

  it('leaves words that were analysed as they are', () => {
    const words = fc.string({ unit: fc.constantFrom(...'aZé0ßѓ\u0301 ﬃǅ.-'), maxLength: 40 });
    fc.assert(
      fc.property(words, (text) => assert.equal(analyzeText(analyzeText(text)), analyzeText(text))),
      runs,
    );
  });
});
