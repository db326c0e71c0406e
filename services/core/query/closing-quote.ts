import { isTermEnd, type Lexing } from './lexing.ts';
import { closesQuote, isPlainQuote, isQuote, opensQuote } from './pasted-signs.ts';

/** After these a sign that may open or close stands at the end of something. */
const endsWord = /[\p{L}\p{M}\p{N}\p{Sc}\p{So}.,!?*…%+]/u;

/** True if the sign at `at` begins a phrase of its own there: nothing ends before it, something begins after it. */
const opensHere = (lexing: Lexing, at: number): boolean =>
  opensQuote(lexing.structure.charAt(at)) &&
  !endsWord.test(lexing.structure.charAt(at - 1)) &&
  !isTermEnd(lexing, at + 1);

const ofSingle = /’(?=$|[\s()])|(?<=[\s(])‘|["＂“”„‟«»「」『』〝〞〟]/g;

/** The place of the single curly quote that closes the one at `offset`, or -1 if that is an apostrophe. */
export const closingSingle = (lexing: Lexing, offset: number): number => {
  if (lexing.text[offset] !== '‘' || lexing.lastSingleClose <= offset) return -1;
  ofSingle.lastIndex = offset + 1;
  const found = ofSingle.exec(lexing.text);
  if (found === null || found[0] === '‘') return -1;
  if (found[0] === '’') return found.index;
  return closesQuote(found[0]) && !opensHere(lexing, found.index) ? found.index : -1;
};

/**
 * Where the double or CJK quote that opens at `offset` closes: at the nearest closing sign of any kind, since pasted
 * text mixes them. -1 if none comes, or another quote opens first: the phrase would swallow what stands between.
 */
export const closingDouble = (lexing: Lexing, offset: number): number => {
  const { structure } = lexing;
  const isPlain = isPlainQuote(structure.charAt(offset));
  for (let at = offset + 1; at < structure.length; at += 1) {
    const sign = structure.charAt(at);
    if (!isQuote(sign)) continue;
    const closes = closesQuote(sign) && ((isPlain && isPlainQuote(sign)) || !opensHere(lexing, at));
    return closes ? at : -1;
  }
  return -1;
};
