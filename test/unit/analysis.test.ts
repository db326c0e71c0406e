import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../services/core/analysis/analyze.ts';
import { analyzeText, analyzeToTokens } from '../../services/core/analysis/analyze-to-tokens.ts';
import { signToken } from '../../services/core/analysis/special-tokens.ts';

const joined = (text: string) => analyze(text).joined.map((token) => token.text);
const shown = (text: string) => analyze(text).tokens.map((token) => token.text);
const covered = (text: string) => analyze(text).tokens.map(({ start, end }) => text.slice(start, end));

describe('analysis of words', () => {
  it('folds case, width and Latin diacritics', () => {
    assert.equal(analyzeText('Café RÉSUMÉ naïve ＡＢＣ１２３ Việt'), 'cafe resume naive abc123 viet');
  });

  it('gives every spelling of sharp s and of the Turkish i one form', () => {
    assert.equal(analyzeText('straße STRASSE STRAẞE İIıi'), 'strasse strasse strasse iiii');
  });

  it('keeps marks of other scripts, which change the word there', () => {
    assert.deepEqual(shown('हिन्दी עִבְרִית ไทย'), ['हिन्दी', 'עִבְרִית', 'ไทย']);
  });

  it('ignores soft hyphens, joiners and zero-width spaces inside a word', () => {
    for (const sign of ['\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u200b\u200b']) {
      const text = `x ALPHA${sign}BETA 12${sign}3 y`;
      assert.deepEqual(shown(text), ['x', 'alphabeta', '123', 'y'], JSON.stringify(sign));
      assert.equal(covered(text)[1], `ALPHA${sign}BETA`);
      assert.equal(analyzeText(text), 'x alphabeta 123 y');
    }
    assert.deepEqual(shown(`${'a'.repeat(60)}\u200b${'b'.repeat(10)}`), [
      'a'.repeat(60) + 'b'.repeat(4),
      'b'.repeat(6),
    ]);
  });

  it('takes zero-width spaces as the borders of words where a script has no spaces', () => {
    assert.deepEqual(shown('ខ្ញុំ\u200bទៅ'), ['ខ្ញុំ', 'ទៅ']);
    assert.deepEqual(shown('ไทย\u200bคน'), ['ไทย', 'คน']);
  });

  it('splits at straight and curly apostrophes alike', () => {
    assert.equal(analyzeText("Bob’s let's"), 'bob s let s');
  });

  it('writes ligatures and other compatibility forms out', () => {
    assert.equal(analyzeText('ﬃ ½ ²'), 'ffi 1 2 2');
  });

  it('cuts a token over 64 code points into pieces, so that no part of it is lost', () => {
    const long = `${'a'.repeat(64)}${'b'.repeat(64)}c`;
    assert.deepEqual(shown(long), ['a'.repeat(64), 'b'.repeat(64), 'c']);
    assert.deepEqual(shown('é'.repeat(65)), ['e'.repeat(64), 'e']);
  });
});

describe('analysis of CJK', () => {
  it('gives one token of two characters per starting character, the last alone', () => {
    assert.deepEqual(shown('회의록'), ['회의', '의록', '록']);
    assert.deepEqual(shown('의'), ['의']);
  });

  it('ignores white space, line breaks and zero-width characters between two CJK characters', () => {
    const expected = shown('내부거래');
    for (const text of [
      '내부 거래',
      '내부\r\n거래',
      '내부\u200b거래',
      '내부\u3000\u2060 거래',
      '내\ufe0f부거\u{e0100}래',
    ])
      assert.deepEqual(shown(text), expected, JSON.stringify(text));
  });

  it('splits at the border to Latin letters and digits', () => {
    assert.deepEqual(shown('AB회의2024年'), ['ab', '회의', '의', '2024', '年']);
  });

  it('composes halfwidth kana and conjoining jamo', () => {
    assert.deepEqual(shown('ｶﾞｷﾞ'), shown('ガギ'));
    assert.deepEqual(shown('한글'.normalize('NFD')), shown('한글'));
  });

  it('knows 々 〆 ー and Bopomofo as CJK', () => {
    assert.deepEqual(shown('人々〆ーㄅㄆ'), ['人々', '々〆', '〆ー', 'ーㄅ', 'ㄅㄆ', 'ㄆ']);
  });
});

describe('analysis of signs and emoji', () => {
  it('makes each sign that touches a letter or digit a token', () => {
    const plus = signToken('+');
    assert.deepEqual(shown('C++ a + b'), ['c', plus, plus, 'a', 'b']);
    assert.deepEqual(shown('$100 5% AT&T #회'), [
      signToken('$'),
      '100',
      '5',
      signToken('%'),
      'at',
      signToken('&'),
      't',
      signToken('#'),
      '회',
    ]);
    assert.deepEqual(shown('€5 ₩3 ＄1'), ['€', '5', '₩', '3', signToken('$'), '1']);
  });

  it('makes each emoji one token, whatever its skin tone and presentation', () => {
    assert.deepEqual(shown('👍🏿👍'), ['👍', '👍']);
    assert.deepEqual(shown('❤️ ❤ 🇰🇷🇹🇼'), ['❤', '❤', '🇰🇷', '🇹🇼']);
    assert.equal(shown('👩🏽‍🚀👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿').length, 3);
    assert.equal(shown('🏿').length, 1);
  });

  it('takes keycaps as emoji without ASCII signs in the token', () => {
    assert.deepEqual(shown('1️⃣ 1⃣ #️⃣'), ['1\u20e3', '1\u20e3', `${signToken('#')}\u20e3`]);
  });

  it('leaves © and ® out unless they are shown as emoji', () => {
    assert.deepEqual(shown('Windows® XP ©️'), ['windows', 'xp', '©']);
  });

  it('lets private-use characters separate, so that no text gives a sign token or separator', () => {
    assert.deepEqual(shown('a\ue000b\ue02bc\u{f0000}d'), ['a', 'b', 'c', 'd']);
  });
});

describe('analysis of digit groups', () => {
  it('joins groups beside one hyphen, full stop or space', () => {
    assert.ok(joined('wire 110-234-567890 now').includes('110234567890'));
    assert.ok(joined('+1 (555) 010.1234').includes('0101234'));
    assert.deepEqual(joined('12 34'), ['1234']);
  });

  it('finds a number beside other numbers', () => {
    assert.ok(joined('2024-01-15 10:30').includes('20240115'));
    assert.ok(joined('5 4111 1111 1111 1111 12/25').includes('4111111111111111'));
  });

  it('does not join over two separators, other signs, letters or line breaks', () => {
    for (const text of ['12--34', '12, 34', '12/34', 'a12-34', '12\n34', '12:34'])
      assert.deepEqual(joined(text), [], text);
  });
});

describe('places of tokens', () => {
  it('are those of the text as given, also where normalisation changes its length', () => {
    assert.deepEqual(covered('ﬃx Cafe\u0301 👍🏿 ㌀'), ['ﬃx', 'Cafe\u0301', '👍🏿', '㌀', '㌀', '㌀', '㌀']);
    assert.deepEqual(covered('내부\n거래'), ['내부', '부\n거', '거래', '래']);
  });

  it('say where the first character of a bigram ends', () => {
    const [token] = analyze('ab 회 의').tokens.slice(1);
    assert.equal(token?.headEnd, 4);
    assert.equal(token?.end, 6);
  });
});

describe('hostile text', () => {
  it('is read without fault: lone surrogates, NUL, nothing but marks, a thousand marks', () => {
    assert.deepEqual(analyzeToTokens('\ud800a\u0000b\udc00').tokens, ['a', 'b']);
    assert.deepEqual(analyzeToTokens('').tokens, []);
    assert.ok(analyzeToTokens('\u0301'.repeat(1000)).tokens.length > 0);
    for (const token of analyzeToTokens(`회${'\u0301'.repeat(1000)}의${'\u0301'.repeat(1000)}`).tokens)
      assert.ok([...token].length <= 64);
  });
});
