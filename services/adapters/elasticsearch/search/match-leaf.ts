import { joinedToken } from '../../../core/item/version-view.ts';
import type { DateLeaf, KeysLeaf, Phrase, TextField, TextLeaf } from '../../../core/query/ast.ts';
import { all, both, type Condition, either, none, type WordField, words } from './condition.ts';
import type { Dsl } from './search-engine.ts';

export const pathOf = (field: string): string => `versions.${field}`;

export const fieldsOf: Record<TextField, readonly ('subject' | 'body' | 'names')[]> = {
  any: ['subject', 'body', 'names'],
  subject: ['subject'],
  body: ['body'],
  names: ['names'],
};

export const clause = (dsl: Dsl, clauses = 1, looser?: Condition): Condition => ({
  type: 'clause',
  dsl,
  clauses,
  ...(looser === undefined ? {} : { looser }),
});

export const unreadVersions = clause({ term: { [pathOf('unread')]: true } });

/** Any number of words: the engine marks the versions of one after the other. */
export const beginsWith = (field: WordField, prefix: string): Condition =>
  clause({ prefix: { [pathOf(field)]: { value: prefix } } });

/** Versions that hold the phrase in a part that was read. */
export const matchText = ({ field, phrase }: TextLeaf): Condition => {
  const fields = fieldsOf[field];
  const [first] = phrase.tokens;
  if (first === undefined) return none;
  if (phrase.tokens.length > 1) return either(...fields.map((one) => matchPhrase(one, phrase)));
  const look = (one: WordField, word: string) => (phrase.prefix ? beginsWith(one, word) : words(one, word));
  return either(
    ...fields.map((one) => look(one, first)),
    phrase.joined ? look('joined', joinedToken(field, first)) : none,
  );
};

const matchPhrase = (field: WordField, phrase: Phrase): Condition => {
  const { tokens, prefix } = phrase;
  // A beginning is as many clauses as it stands for words, which the engine tells only when it refuses them.
  const dsl = prefix
    ? spanOf(field, phrase)
    : { match_phrase: { [pathOf(field)]: { query: tokens.join(' '), analyzer: 'whitespace' } } };
  return clause(dsl, prefix ? Number.POSITIVE_INFINITY : tokens.length, hasTokens(field, phrase));
};

/** All tokens of the phrase, anywhere in the field. */
export const hasTokens = (field: WordField, { tokens, prefix }: Phrase): Condition =>
  both(
    ...tokens.map((token, at) =>
      prefix && at === tokens.length - 1 ? beginsWith(field, token) : words(field, token),
    ),
  );

export const spanOf = (field: WordField, { tokens, prefix }: Phrase): Dsl => {
  const spans = tokens.map((token, at) =>
    prefix && at === tokens.length - 1
      ? { span_multi: { match: { prefix: { [pathOf(field)]: { value: token } } } } }
      : { span_term: { [pathOf(field)]: token } },
  );
  return spans.length === 1 ? spans[0]! : { span_near: { clauses: spans, slop: 0, in_order: true } };
};

export const matchKeys = ({ equal, prefixes }: Pick<KeysLeaf, 'equal' | 'prefixes'>): Condition =>
  either(words('keys', ...equal), ...prefixes.map((prefix) => beginsWith('keys', prefix)));

export const matchDate = ({ property, fromMs, toMs }: DateLeaf): Condition => {
  if (property === 'sent') {
    if (fromMs === undefined && toMs === undefined) return all;
    return clause(within(pathOf('sent'), fromMs, toMs));
  }
  const field = property === 'edited' ? 'edits' : 'deletedAt';
  return { type: 'clause', dsl: within(field, fromMs, toMs), clauses: 1, ofItem: true };
};

const within = (field: string, fromMs: number | undefined, toMs: number | undefined): Dsl => {
  if (fromMs === undefined && toMs === undefined) return { exists: { field } };
  const bounds = {
    ...(fromMs === undefined ? {} : { gte: fromMs }),
    ...(toMs === undefined ? {} : { lt: toMs }),
  };
  return { range: { [field]: bounds } };
};
