import { joinedToken } from '../../../../core/item/version-view.ts';
import type { KeysLeaf, NearLeaf, Phrase, TextField, TextLeaf } from '../../../../core/query/ast.ts';
import { type Condition, either, match, none } from './condition.ts';

export const allRows = 'marks : "all"';
export const unreadRows = match('marks : "unread"');
export const rowsOfMany = match('marks : "many"');

export const columnsOf: Record<TextField, string> = {
  any: '{subject body names}',
  subject: 'subject',
  body: 'body',
  names: 'names',
};

/** Tokens and keys hold neither quotes nor anything at which the tokenizer splits. */
const quote = (tokens: readonly string[], prefix: boolean): string =>
  `"${tokens.join(' ')}"${prefix ? ' *' : ''}`;

const writePhrase = (phrase: Phrase): string => quote(phrase.tokens, phrase.prefix);

/** FTS5 opens a list of places for every word of a phrase; beyond so many, the words of the few candidates are read. */
const maxPhraseTokens = 16;

export const isLongPhrase = ({ phrase }: TextLeaf): boolean => phrase.tokens.length > maxPhraseTokens;

/** Versions among which all that hold the long phrase in the columns are. */
export const phraseSuperset = (columns: string, { phrase }: TextLeaf): Condition =>
  match(`${columns} : ${quote(phrase.tokens.slice(0, maxPhraseTokens), false)}`);

/** Versions that hold the phrase in a part that was read. */
export const matchText = ({ field, phrase }: TextLeaf): Condition => {
  if (phrase.tokens.length === 0) return none;
  const found = match(`${columnsOf[field]} : ${writePhrase(phrase)}`);
  if (!phrase.joined) return found;
  const joined = joinedToken(field, phrase.tokens[0]!);
  return either(found, match(`joined : ${quote([joined], phrase.prefix)}`));
};

export const matchKeys = ({ equal, prefixes }: Pick<KeysLeaf, 'equal' | 'prefixes'>): Condition => {
  const keys = [...equal.map((key) => quote([key], false)), ...prefixes.map((key) => quote([key], true))];
  return keys.length === 0 ? none : match(`keys : (${keys.join(' OR ')})`);
};

/** Beyond, both operands anywhere in the field are looked for instead of every pair of them. */
const maxPairs = 64;

/** Versions among which all that satisfy the NEAR in the columns are: FTS5 lets operands overlap and knows no order. */
export const nearSuperset = (columns: string, near: NearLeaf): Condition => {
  const [lefts, rights] = operandsOf(near).map((phrases) => phrases.map(writePhrase));
  if (!lefts?.length || !rights?.length) return none;
  const anywhere = `((${lefts.join(' OR ')}) AND (${rights.join(' OR ')}))`;
  const pairs = lefts.flatMap((one) => rights.map((other) => `NEAR(${one} ${other}, ${near.distance})`));
  return match(`${columns} : ${pairs.length > maxPairs ? anywhere : `(${pairs.join(' OR ')})`}`);
};

/** Whether FTS5 and the matcher agree on it within one part: no order, and operands that cannot share a token. */
export const isExactNear = (near: NearLeaf): boolean => {
  const [lefts = [], rights = []] = operandsOf(near);
  if (near.ordered || lefts.length * rights.length > maxPairs) return false;
  return lefts.every((left) => rights.every((right) => !mayShareToken(left, right)));
};

const operandsOf = ({ left, right }: NearLeaf): readonly (readonly Phrase[])[] =>
  [left, right].map((phrases) => phrases.filter(({ tokens }) => tokens.length > 0));

const mayShareToken = (one: Phrase, other: Phrase): boolean =>
  one.tokens.some((token, at) =>
    other.tokens.some(
      (otherToken, otherAt) =>
        token === otherToken ||
        (isPrefixAt(one, at) && otherToken.startsWith(token)) ||
        (isPrefixAt(other, otherAt) && token.startsWith(otherToken)),
    ),
  );

const isPrefixAt = ({ prefix, tokens }: Phrase, at: number): boolean => prefix && at === tokens.length - 1;
