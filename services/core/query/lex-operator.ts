import { type Span, sliceOf, spanBetween, withReplaced } from './fault.ts';
import { wordEnd } from './lex-word.ts';
import { addFault, isTermEnd, type Lexing, note } from './lexing.ts';
import { isPastedDash } from './pasted-signs.ts';
import { queryLimits } from './query-limits.ts';

const distance = /\(\s*(\d+)\s*\)/y;
const acrossMessages = /\(\s*\d+\s*,\s*across\s*\)/iy;
const namedDistance = /\(\s*n\s*=\s*(\d+)\s*\)/iy;
const spacedDistance = /\s+\(\s*(\d+)\s*\)/y;

const matchAt = (pattern: RegExp, { structure }: Lexing, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(structure);
};

const refuseDistance = (lexing: Lexing, word: Span, end: number): number | undefined => {
  const whole = (length: number) => spanBetween(word.offset, end + length);
  const across = matchAt(acrossMessages, lexing, end);
  if (across !== null) {
    addFault(
      lexing,
      whole(across[0].length),
      'notAvailable',
      'NEAR over several messages is not available yet.',
    );
    return end + across[0].length;
  }
  const misplaced = matchAt(namedDistance, lexing, end) ?? matchAt(spacedDistance, lexing, end);
  if (misplaced !== null) {
    const span = whole(misplaced[0].length);
    const operator = sliceOf(lexing.text, word);
    addFault(lexing, span, 'nearDistance', 'The distance follows the operator directly, as a number.', {
      expected: `${operator}(n)`,
      fixes: [withReplaced(lexing.text, span, `${operator}(${misplaced[1]})`)],
    });
    return end + misplaced[0].length;
  }
  if (lexing.structure[end] !== '(') return undefined;
  addFault(lexing, word, 'nearDistance', 'A number is expected in these parentheses.', {
    expected: `${sliceOf(lexing.text, word)}(n), or a space before the parenthesis of the second operand`,
    fixes: [withReplaced(lexing.text, spanBetween(end, end), ' ')],
  });
  return end;
};

const lexNear = (lexing: Lexing, word: Span, ordered: boolean): number => {
  const end = word.offset + word.length;
  const match = matchAt(distance, lexing, end);
  if (match === null) {
    const refused = refuseDistance(lexing, word, end);
    if (refused !== undefined) return refused;
    lexing.lexemes.push({ type: 'near', ...word, ordered, distance: undefined });
    return end;
  }
  const span = spanBetween(word.offset, end + match[0].length);
  const tokens = Number(match[1]);
  if (tokens > queryLimits.nearDistance)
    addFault(
      lexing,
      span,
      'nearDistance',
      `This distance is over the limit of ${queryLimits.nearDistance}.`,
      {
        expected: `a distance from 0 to ${queryLimits.nearDistance}`,
        fixes: [
          withReplaced(lexing.text, span, `${sliceOf(lexing.text, word)}(${queryLimits.nearDistance})`),
        ],
      },
    );
  else lexing.lexemes.push({ type: 'near', ...span, ordered, distance: tokens });
  return end + match[0].length;
};

const operators = new Map<string, 'and' | 'or' | 'not'>([
  ['AND', 'and'],
  ['OR', 'or'],
  ['NOT', 'not'],
]);

/** Lexes AND, OR, NOT, NEAR and ONEAR at `offset`; -1 if none of them stands there as a word. */
export const lexOperator = (lexing: Lexing, offset: number): number => {
  const span = spanBetween(offset, wordEnd(lexing, offset));
  const word = sliceOf(lexing.text, span);
  if (word === 'NEAR' || word === 'ONEAR') return lexNear(lexing, span, word === 'ONEAR');
  const type = operators.get(word);
  if (type === undefined) return -1;
  lexing.lexemes.push({ type, ...span });
  return span.offset + span.length;
};

/** Lexes a dash before a term as NOT; -1 if no dash, or nothing to negate, stands there. */
export const lexMinus = (lexing: Lexing, offset: number): number => {
  const { structure, text } = lexing;
  const isDash = (at: number) => structure[at] === '-' || isPastedDash(structure.charAt(at));
  if (!isDash(offset) || isTermEnd(lexing, offset + 1)) return -1;
  if (isDash(offset + 1)) {
    const end = Math.max(wordEnd(lexing, offset), offset + 1);
    const span = spanBetween(offset, end);
    addFault(lexing, span, 'missingOperand', 'Two dashes are neither NOT nor text.', {
      expected: 'one dash before a term, or the text in quotes',
      fixes: [withReplaced(text, span, `"${sliceOf(text, span)}"`)],
    });
    return end;
  }
  const span = spanBetween(offset, offset + 1);
  if (structure[offset] !== '-')
    note(lexing, 'pastedDash', span, 'A long dash before a term was read as NOT.');
  lexing.lexemes.push({ type: 'not', ...span });
  return offset + 1;
};
