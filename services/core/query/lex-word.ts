import { closingDouble, closingSingle } from './closing-quote.ts';
import { type Span, spanBetween, withReplaced } from './fault.ts';
import { refuseForeignWord } from './foreign-syntax.ts';
import type { ValueMode } from './lexeme.ts';
import { addFault, type Lexing, note, noteSign, withoutInvisibleEnd } from './lexing.ts';
import { closesQuote, isInvisible, isQuote, isSpace, opensQuote, partnerOf } from './pasted-signs.ts';

export interface WordContext {
  readonly mode: ValueMode;
  /** Commas end the word: values of properties that are not text. */
  readonly endsAtComma: boolean;
  /** Words of text, where signs of other search languages must not be taken for text. */
  readonly isText: boolean;
}

/** Where the word that begins at `offset` ends: white space, a parenthesis, a double quote. */
export const wordEnd = ({ structure }: Lexing, offset: number, endsAtComma = false): number => {
  let at = offset;
  for (; at < structure.length; at += 1) {
    const character = structure.charAt(at);
    if (character === '(' || character === ')' || (endsAtComma && character === ',')) break;
    if (isQuote(character) || (isSpace(character) && !isInvisible(character))) break;
  }
  return withoutInvisibleEnd(structure, offset, at);
};

const refuseStar = (lexing: Lexing, span: Span, text: string): void => {
  const plain = text.replace(/[*＊]/g, ' ').trim();
  const message = 'A star may only stand at the end of a word that has a beginning.';
  addFault(lexing, span, 'wildcardPlace', message, {
    expected: 'a star at the end of the last word, such as brand* or "order brand*"',
    fixes: plain === '' ? [] : [withReplaced(lexing.text, span, /\s/.test(plain) ? `"${plain}"` : plain)],
  });
};

const withoutStar = (
  lexing: Lexing,
  span: Span,
  content: Span,
  mode: ValueMode,
): { text: string; star: boolean } => {
  const end = content.offset + content.length;
  const text = lexing.text.slice(content.offset, end);
  if (mode === 'address' || mode === 'id') return { text, star: false };
  const structure = lexing.structure.slice(content.offset, end);
  const star = structure.endsWith('*');
  if (star) noteSign(lexing, spanBetween(end - 1, end));
  const rest = star ? structure.slice(0, -1) : structure;
  if (rest.includes('*') || (star && rest.trim() === '')) refuseStar(lexing, span, text);
  return { text: star ? text.slice(0, -1) : text, star };
};

/** Says where the quote may have been meant to close: behind its first word, or behind everything. */
const refuseOpen = (lexing: Lexing, offset: number): number => {
  const { text, structure } = lexing;
  const closing = partnerOf(structure.charAt(offset));
  const first = wordEnd(lexing, offset + 1);
  const at = (place: number) => withReplaced(text, spanBetween(place, place), closing);
  addFault(lexing, spanBetween(offset, offset + 1), 'unterminatedQuote', 'This quote is never closed.', {
    expected: `a closing quote ${closing}`,
    fixes: [at(first), at(text.trimEnd().length)],
  });
  return text.length;
};

/** Lexes the phrase that opens at `offset` and returns where it ends, or -1 if nothing opens there. */
export const lexQuoted = (lexing: Lexing, offset: number, from: number, mode: ValueMode): number => {
  const opener = lexing.structure.charAt(offset);
  const single = closingSingle(lexing, offset);
  if (!opensQuote(opener) && single < 0) return -1;
  const closing = single < 0 ? closingDouble(lexing, offset) : single;
  if (closing < 0) return refuseOpen(lexing, offset);
  const span = spanBetween(from, closing + 1);
  if (opener !== '"' || lexing.text[closing] !== '"')
    note(lexing, 'pastedQuotes', span, 'Curly and CJK quotes were read as the quotes of a phrase.');
  const content = spanBetween(offset + 1, closing);
  const word = withoutStar(lexing, span, content, mode);
  lexing.lexemes.push({ type: 'word', ...span, ...word, quoted: true, mode });
  return closing + 1;
};

/** Lexes the word that begins at `offset`; `from` is where its mode sign began. */
export const lexBareWord = (lexing: Lexing, offset: number, from: number, context: WordContext): number => {
  const end = wordEnd(lexing, offset, context.endsAtComma);
  const span = spanBetween(from, end);
  if (end === offset && closesQuote(lexing.structure.charAt(offset))) {
    const sign = spanBetween(offset, offset + 1);
    addFault(lexing, sign, 'unterminatedQuote', 'This quote was never opened.', {
      expected: 'an opening quote before the phrase',
      fixes: [withReplaced(lexing.text, sign, ' ').trim()],
    });
    return end + 1;
  }
  if (end === offset) {
    addFault(
      lexing,
      spanBetween(from, from + 1),
      'missingValue',
      'A word or a phrase in quotes is expected here.',
    );
    return end;
  }
  const foreignEnd = context.isText ? refuseForeignWord(lexing, span) : -1;
  if (foreignEnd >= 0) return foreignEnd;
  const content = spanBetween(offset, end);
  const word = withoutStar(lexing, span, content, context.mode);
  lexing.lexemes.push({ type: 'word', ...span, ...word, quoted: false, mode: context.mode });
  return end;
};
