import { endOf, type Span, sliceOf, spanBetween, withReplaced } from './fault.ts';
import { isNetworkAddress } from './foreign-syntax.ts';
import { lexBareWord, lexQuoted, wordEnd } from './lex-word.ts';
import type { Comparison, ValueMode } from './lexeme.ts';
import { addFault, isTermEnd, type Lexing, noteSign } from './lexing.ts';
import { isSpace } from './pasted-signs.ts';
import {
  isPropertyNear,
  laterProperties,
  nearestProperty,
  type Property,
  properties,
} from './property-table.ts';
import { refuseComma } from './refuse-comma.ts';

const propertySign = /([A-Za-z][A-Za-z0-9_]*)(:|<>|>=|<=|>|<|=)/y;
const idSign = /id:/iy;

const modeAt = ({ structure }: Lexing, at: number): { mode: ValueMode; length: number } => {
  if (structure[at] === '=') return { mode: 'address', length: 1 };
  if (structure[at] === '!') return { mode: 'other', length: 1 };
  idSign.lastIndex = at;
  return idSign.test(structure) ? { mode: 'id', length: 3 } : { mode: 'any', length: 0 };
};

/** Lexes one value of a property at `offset`, its sign (`=`, `!`, `id:`) included. */
export const lexValue = (lexing: Lexing, offset: number, property: Property): number => {
  const takesPeople = property.type === 'people' || property.type === 'list';
  const { mode, length } = takesPeople ? modeAt(lexing, offset) : ({ mode: 'any', length: 0 } as const);
  const start = offset + length;
  if (length > 0 && isTermEnd(lexing, start)) {
    addFault(lexing, spanBetween(offset, start), 'missingValue', 'A value is missing after this sign.');
    return start;
  }
  const takesCommas = property.type === 'text' || property.type === 'list';
  if (!takesCommas && lexing.structure[start] === ',') return refuseComma(lexing, offset, start, property);
  const quotedEnd = lexQuoted(lexing, start, offset, mode);
  const context = { mode, endsAtComma: property.type !== 'text', isText: property.type === 'text' };
  const end = quotedEnd >= 0 ? quotedEnd : lexBareWord(lexing, start, offset, context);
  const isAtComma = !takesCommas && lexing.structure[end] === ',';
  return isAtComma ? refuseComma(lexing, offset, end, property) : end;
};

const refuseName = (lexing: Lexing, span: Span, name: string): number => {
  const end = Math.max(wordEnd(lexing, span.offset), endOf(span));
  const word = spanBetween(span.offset, end);
  const asText = withReplaced(lexing.text, word, `"${sliceOf(lexing.text, word)}"`);
  if (name === 'saw')
    addFault(lexing, word, 'ambiguousProperty', 'Say which is meant: present, delivered, read or couldsee.', {
      expected: 'present (on the roster when it was sent), delivered, read or couldsee',
      fixes: [withReplaced(lexing.text, span, 'present:')],
    });
  else if (laterProperties.has(name))
    addFault(lexing, word, 'notAvailable', `${name}: is not available in this release.`, {
      // As text it would mean something else, so quotes are not offered as a correction.
      expected: `${Object.keys(properties).join(' ')}, or the text in quotes`,
    });
  else {
    const nearest = nearestProperty(name);
    const sign = lexing.structure.slice(span.offset + name.length, endOf(span));
    const corrected = withReplaced(lexing.text, span, nearest + sign);
    addFault(
      lexing,
      word,
      'unknownProperty',
      `There is no property ${name.slice(0, 64)}; the nearest is ${nearest}.`,
      {
        expected: `${nearest}, another property, or the text in quotes`,
        fixes: isPropertyNear(name) ? [corrected, asText] : [asText],
      },
    );
  }
  return end;
};

const refuseSpace = (lexing: Lexing, span: Span): number => {
  let next = endOf(span);
  while (next < lexing.text.length && isSpace(lexing.text.charAt(next))) next += 1;
  if (next >= lexing.text.length || lexing.structure[next] === ')') {
    addFault(lexing, span, 'missingValue', 'A value is missing after this property.');
    return next;
  }
  const gap = spanBetween(endOf(span), next);
  addFault(lexing, gap, 'spaceAfterColon', 'A value follows its property without a space.', {
    expected: `a value directly after ${sliceOf(lexing.text, span)}`,
    fixes: [withReplaced(lexing.text, gap, '')],
  });
  return next;
};

/** True, with a fault, if this property cannot be compared so. */
const refusesComparison = (lexing: Lexing, span: Span, property: Property, comparison: string): boolean => {
  const sign = spanBetween(endOf(span) - comparison.length, endOf(span));
  const next = lexing.structure.charAt(endOf(span));
  if (property.type === 'date') {
    if (comparison !== ':' || !/[<>=]/.test(next)) return false;
    addFault(lexing, sign, 'notComparable', 'Dates are compared without a colon.', {
      expected: 'a form such as sent>=2024-01-31',
      fixes: [withReplaced(lexing.text, sign, '')],
    });
    return true;
  }
  const doubled =
    comparison === ':' && next === '=' && (property.type === 'text' || property.type === 'choice');
  if (comparison === ':' && !doubled) return false;
  const written = doubled ? spanBetween(sign.offset, endOf(sign) + 1) : sign;
  addFault(lexing, written, 'notComparable', 'Only dates are compared; other values follow a colon.', {
    expected: 'a colon and a value',
    fixes: [withReplaced(lexing.text, written, ':')],
  });
  return true;
};

/** Lexes `property:value` at `offset` and returns where to go on, or -1 if no property stands there. */
export const lexProperty = (lexing: Lexing, offset: number): number => {
  propertySign.lastIndex = offset;
  const match = propertySign.exec(lexing.structure);
  if (match === null) return -1;
  const [sign, written = '', comparison = ':'] = match;
  const span = spanBetween(offset, offset + sign.length);
  const name = written.toLowerCase();
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (property === undefined && isNetworkAddress(lexing, offset)) return -1;
  if (property === undefined) return refuseName(lexing, span, name);
  noteSign(lexing, span);
  if (refusesComparison(lexing, span, property, comparison)) return wordEnd(lexing, endOf(span));
  const start = endOf(span);
  if (isTermEnd(lexing, start)) return refuseSpace(lexing, span);
  lexing.lexemes.push({ type: 'property', ...span, name, comparison: comparison as Comparison });
  if (lexing.structure[start] !== '(') return lexValue(lexing, start, property);
  lexing.lexemes.push({ type: 'open', offset: start, length: 1 });
  lexing.groups.push(property);
  return start + 1;
};
