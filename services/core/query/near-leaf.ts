import { faultAt, type Span } from './fault.ts';
import type { NearLexeme } from './lexeme.ts';
import { defaultCjkNearDistance, defaultNearDistance } from './query-limits.ts';
import { quoteText } from './quote.ts';
import type { Building, Leaf, Placed, Syntax, TextTerm } from './syntax.ts';
import { nearPhrase } from './text-leaf.ts';

const fieldNames = { any: undefined, subject: 'subject', body: 'body', names: 'attachmentnames' } as const;

/** The words or phrases of an operand: one, or an OR of them; undefined if it is anything else. */
const alternatives = (syntax: Syntax): TextTerm[] | undefined => {
  const leaves = syntax.type === 'or' ? syntax.operands : [syntax];
  const terms = leaves.map((leaf) => (leaf.type === 'leaf' ? leaf.text : undefined));
  return terms.every((term) => term !== undefined) ? terms : undefined;
};

const writeOperand = (terms: readonly TextTerm[]): string => {
  const written = terms.map(({ source, star }) => quoteText(source, star));
  return written.length === 1 ? written.join('') : `(${written.join(' OR ')})`;
};

const refuseOperand = (building: Building, span: Span): undefined => {
  building.faults.push(
    faultAt(span, 'nearOperand', 'NEAR stands between words, phrases, or an OR of them in parentheses.', {
      expected: 'a word, a phrase, a beginning*, or (a OR b), all of one property',
    }),
  );
  return undefined;
};

/** The condition `left NEAR right`; undefined, with a fault, if an operand is not text of one property. */
export const nearLeaf = (
  building: Building,
  near: NearLexeme,
  left: Placed<Syntax>,
  right: Placed<Syntax>,
): Leaf | undefined => {
  const lefts = alternatives(left.value);
  if (lefts === undefined) return refuseOperand(building, left.span);
  const rights = alternatives(right.value);
  if (rights === undefined) return refuseOperand(building, right.span);
  const field = lefts[0]!.field;
  if ([...lefts, ...rights].some((term) => term.field !== field)) return refuseOperand(building, right.span);
  const phrases = [lefts, rights].map((terms) => terms.map(nearPhrase));
  const hasCjk = phrases.some((side) => side.some((phrase) => phrase.hasCjk));
  const distance = near.distance ?? (hasCjk ? defaultCjkNearDistance : defaultNearDistance);
  const operator = `${near.ordered ? 'ONEAR' : 'NEAR'}(${distance})`;
  const written = `(${writeOperand(lefts)} ${operator} ${writeOperand(rights)})`;
  const property = fieldNames[field];
  return {
    type: 'leaf',
    query: {
      type: 'near',
      field,
      ordered: near.ordered,
      distance,
      left: phrases[0]!.map(({ phrase }) => phrase),
      right: phrases[1]!.map(({ phrase }) => phrase),
    },
    echo: property === undefined ? written : `${property}:${written}`,
    terms: lefts.length + rights.length,
  };
};
