import { endOf, type Span, sliceOf, spanBetween, withReplaced } from './fault.ts';
import { isNetworkAddress } from './foreign-syntax.ts';
import { wordEnd } from './lex-word.ts';
import { addFault, isTermEnd, type Lexing } from './lexing.ts';
import { isSpace } from './pasted-signs.ts';
import { isPropertyNear, laterProperties, nearestProperty, properties } from './property-table.ts';

const leadingSign = /^(?::|<>|>=|<=|>|<|=)/;
const beginsWithNumber = /^\p{N}/u;
const letter = /\p{L}/u;

/** What stands before the first sign if it is like a name: `e-mail:`, `보낸사람:`. Times and dates begin with a digit. */
const nameOf = (written: string): string | undefined => {
  const end = written.search(/[:<>=]/);
  if (end < 1 || beginsWithNumber.test(written)) return undefined;
  const name = written.slice(0, end);
  return letter.test(name) ? name : undefined;
};

const isName = (name: string): boolean =>
  Object.hasOwn(properties, name) || laterProperties.has(name) || name === 'saw';
const isDate = (name: string): boolean => properties[name]?.type === 'date';

/** The bare word directly before `at`, with only spaces between: perhaps the name of a property. */
const nameBefore = (lexing: Lexing, at: number): Span | undefined => {
  const last = lexing.lexemes.at(-1);
  if (last?.type !== 'word' || last.quoted || last.star) return undefined;
  const isAdjacent = lexing.structure.slice(endOf(last), at).trim() === '';
  return isAdjacent && /^[a-z]\w*$/i.test(sliceOf(lexing.structure, last)) ? last : undefined;
};

const lastDateProperty = ({ lexemes }: Lexing): string | undefined => {
  const last = lexemes.findLast((lexeme) => lexeme.type === 'property' && isDate(lexeme.name));
  return last?.type === 'property' ? last.name : undefined;
};

const quoted = (lexing: Lexing, word: Span): string =>
  withReplaced(lexing.text, word, `"${sliceOf(lexing.text, word)}"`);

/** `from :ann` and `sent >2024-01-31`: the sign must follow the name. */
const refuseGap = (lexing: Lexing, before: Span, sign: Span, word: Span): number => {
  const name = sliceOf(lexing.structure, before).toLowerCase();
  const written = sliceOf(lexing.structure, sign);
  let value = endOf(sign);
  while (value < lexing.structure.length && isSpace(lexing.structure.charAt(value))) value += 1;
  const known = isName(name) ? name : nearestProperty(name);
  const joined = `${known}${isDate(known) ? written : ':'}`;
  const span = spanBetween(before.offset, value);
  const message =
    written === ':'
      ? 'The colon follows its property without a space.'
      : 'The sign follows its property without a space.';
  addFault(lexing, spanBetween(endOf(before), value), 'spaceAfterColon', message, {
    expected: `${joined}value, or the text in quotes`,
    fixes: [
      ...(isName(name) || isPropertyNear(name) ? [withReplaced(lexing.text, span, joined)] : []),
      quoted(lexing, word),
    ],
  });
  return Math.max(endOf(word), value);
};

const refuseBareSign = (lexing: Lexing, word: Span): number => {
  const name = lastDateProperty(lexing);
  addFault(lexing, word, 'notComparable', 'A comparison follows the name of a date property.', {
    expected: 'a form such as sent>=2024-01-31, or the text in quotes',
    fixes: [
      ...(name === undefined ? [] : [withReplaced(lexing.text, spanBetween(word.offset, word.offset), name)]),
      quoted(lexing, word),
    ],
  });
  return endOf(word);
};

const refuseOtherName = (lexing: Lexing, word: Span, written: string): number => {
  const name = written.normalize('NFKC').toLowerCase();
  const [root = ''] = name.split(/[._-]/);
  const meant = Object.hasOwn(properties, root) ? root : name;
  const nearest = nearestProperty(meant);
  const span = spanBetween(word.offset, word.offset + written.length);
  const message = `There is no property ${written.slice(0, 64)}; the nearest is ${nearest}.`;
  addFault(lexing, word, 'unknownProperty', message, {
    expected: `${Object.keys(properties).join(' ')}, or the text in quotes`,
    fixes: [
      ...(isPropertyNear(meant) ? [withReplaced(lexing.text, span, nearest)] : []),
      quoted(lexing, word),
    ],
  });
  return endOf(word);
};

/**
 * Refuses a condition that would silently be read as text: a sign away from its name, or a name that no property has.
 * Returns where it ends, or -1 if the word at `offset` is text: also addresses of the net, drives, times, `:smile:`.
 */
export const refuseMisread = (lexing: Lexing, offset: number): number => {
  const word = spanBetween(offset, wordEnd(lexing, offset));
  const written = sliceOf(lexing.structure, word);
  const [leading] = leadingSign.exec(written) ?? [];
  if (leading === undefined) {
    const name = nameOf(written);
    return name === undefined || isNetworkAddress(lexing, offset)
      ? -1
      : refuseOtherName(lexing, word, lexing.text.slice(offset, offset + name.length));
  }
  const sign = spanBetween(offset, offset + leading.length);
  const before = nameBefore(lexing, offset);
  const isAlone = isTermEnd(lexing, endOf(sign));
  const isPair = leading === ':' && written.length > 1 && written.endsWith(':');
  const isKnown = before !== undefined && isName(sliceOf(lexing.structure, before).toLowerCase());
  if (before !== undefined && (isKnown || (leading === ':' && !isAlone && !isPair)))
    return refuseGap(lexing, before, sign, word);
  return leading === ':' || isAlone ? -1 : refuseBareSign(lexing, word);
};
