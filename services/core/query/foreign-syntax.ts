import { endOf, type Span, sliceOf, withReplaced } from './fault.ts';
import { addFault, type Lexing } from './lexing.ts';

interface ForeignSign {
  readonly pattern: RegExp;
  readonly message: string;
  /** What may stand in the place of the word. */
  readonly translate: (match: RegExpExecArray) => readonly string[];
}

const between = (words: string | undefined): number => Math.max(0, Number(words) - 1);
const quoted = (word: string): string => `"${word}"`;

/** Signs of dtSearch, Relativity, Westlaw and Lucene that would be read as text here and change the meaning. */
const foreignSigns: readonly ForeignSign[] = [
  {
    pattern: /^w\/(\d{1,4})$/i,
    message: 'w/n of other products counts words from one to the other; here it is NEAR with one less.',
    translate: ([, words]) => [`NEAR(${between(words)})`],
  },
  {
    pattern: /^pre\/(\d{1,4})$/i,
    message: 'pre/n of other products is ONEAR with one less here.',
    translate: ([, words]) => [`ONEAR(${between(words)})`],
  },
  {
    pattern: /^\/(\d{1,4})$/,
    message: '/n of other products is NEAR with one less here.',
    translate: ([, words]) => [`NEAR(${between(words)})`],
  },
  {
    pattern: /^(o?near)\/(\d{1,4})$/i,
    message: 'The distance is written in parentheses here.',
    translate: ([, operator, distance]) => [`${operator?.toUpperCase()}(${Number(distance)})`],
  },
  {
    pattern: /^(?:w|pre)?\/s$/i,
    message: '/s (same sentence) does not exist here; a distance comes near to it.',
    translate: () => ['NEAR(20)'],
  },
  {
    pattern: /^(?:w|pre)?\/p$/i,
    message: '/p (same paragraph) does not exist here; a distance comes near to it.',
    translate: () => ['NEAR(75)'],
  },
  { pattern: /^&&$/, message: 'AND is written as a word here.', translate: () => ['AND'] },
  { pattern: /^\|\|?$/, message: 'OR is written as a word here.', translate: () => ['OR'] },
  {
    pattern: /^!([\p{L}\p{N}].*)$/su,
    message: 'A leading ! is not the sign of NOT here, and it is not text that can be searched.',
    translate: ([word, rest]) => [`-${rest}`, quoted(word)],
  },
  {
    pattern: /^([^~]*)~.*$/s,
    message: '~ (fuzzy, proximity or stemming of other products) does not exist here.',
    translate: ([word, before = '']) => [before, quoted(word)],
  },
  {
    pattern: /^(.*[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}])!+$/su,
    message: 'root! of other products is root* here.',
    translate: ([word, root]) => [`${root}*`, quoted(word)],
  },
  {
    pattern: /^(.*?[\p{L}\p{N}])\?+[\p{L}\p{N}].*$/su,
    message: 'A ? for one character inside a word does not exist here.',
    translate: ([word, before]) => [`${before}*`, quoted(word)],
  },
  {
    pattern: /^\?+([\p{L}\p{N}].*)$/su,
    message: 'A ? for the first character of a word does not exist here.',
    translate: ([word, rest = '']) => [rest, quoted(word)],
  },
  {
    pattern: /^(.*)\^\d+(?:\.\d+)?$/s,
    message: 'Weights (^2) do not exist here: they would not change what is found.',
    translate: ([word, before = '']) => [before, quoted(word)],
  },
  {
    pattern: /^\+(\p{L}.*)$/su,
    message: 'A leading + is not needed here: every term must be found.',
    translate: ([word, rest = '']) => [rest, quoted(word)],
  },
];

const networkAddress = /[a-z][a-z0-9+.-]*:\/\/[^\s]|[a-z]:[\\/]/iy;

/** True of `http://…` and `C:\…`, which are text whatever signs they have inside. */
export const isNetworkAddress = ({ structure }: Lexing, at: number): boolean => {
  networkAddress.lastIndex = at;
  return networkAddress.test(structure);
};

const spacedDistance = /(w|pre)?\/\s+(\d{1,4})(?=$|[\s()])/iy;

/** `w/ 5`, written in two words. */
const refuseSpaced = (lexing: Lexing, at: number): number => {
  spacedDistance.lastIndex = at;
  const match = spacedDistance.exec(lexing.structure);
  if (match === null) return -1;
  const span = { offset: at, length: match[0].length };
  const operator = match[1]?.toLowerCase() === 'pre' ? 'ONEAR' : 'NEAR';
  addFault(lexing, span, 'foreignSyntax', 'w/n and pre/n of other products are NEAR and ONEAR here.', {
    expected: `${operator}(n), or the text in quotes`,
    fixes: [
      withReplaced(lexing.text, span, `${operator}(${between(match[2])})`),
      withReplaced(lexing.text, span, quoted(match[0])),
    ],
  });
  return at + span.length;
};

/** Where the sign of another search language ends that the bare word is, with a fault; -1 if it is none. */
export const refuseForeignWord = (lexing: Lexing, span: Span): number => {
  const spaced = refuseSpaced(lexing, span.offset);
  if (spaced >= 0 || isNetworkAddress(lexing, span.offset)) return spaced;
  const word = sliceOf(lexing.text, span);
  for (const { pattern, message, translate } of foreignSigns) {
    const match = pattern.exec(word);
    if (match === null) continue;
    const fixes = translate(match).map((text) => withReplaced(lexing.text, span, text));
    addFault(lexing, span, 'foreignSyntax', message, {
      expected: 'the form of this query language, or the text in quotes',
      fixes,
    });
    return endOf(span);
  }
  return -1;
};
