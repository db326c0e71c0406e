import type { Item, Version } from '../../../schemas/archive/item.ts';
import { analyzeToTokens } from '../analysis/analyze-to-tokens.ts';
import { keysOf } from './keys.ts';

/** The time a version is searched by: when the log took it, or for imports when the source says it was sent. */
export const sentMs = (item: Item, version: Version): number =>
  Date.parse(item.importId === undefined ? version.loggedAt : version.sentAt);

/** The text of files is not read yet, so a version with files has parts nobody looked into. */
export const isUnread = (version: Version): boolean => (version.attachments ?? []).length > 0;

/** In `joined`, a digit group also stands under the field it is of: `fieldMark` before its text. */
const fieldMarks = { subject: '\ue073', body: '\ue062', names: '\ue06e' } as const;

/** How a joined digit group is written in `joined` for a condition on this field. */
export const joinedToken = (field: 'any' | keyof typeof fieldMarks, token: string): string =>
  field === 'any' ? token : fieldMarks[field] + token;

/** One version as conditions see it: the same content that an index document holds. */
export interface VersionView {
  readonly number: number;
  readonly subject: readonly string[];
  readonly body: readonly string[];
  /** Tokens of each attachment name. */
  readonly names: readonly (readonly string[])[];
  readonly joined: readonly string[];
  readonly keys: readonly string[];
  readonly sentMs: number;
  readonly unread: boolean;
}

export const viewOf = (item: Item, version: Version): VersionView => {
  const subject = analyzeToTokens(version.subject ?? '');
  const body = analyzeToTokens(version.body ?? '');
  const names = (version.attachments ?? []).map(({ name }) => analyzeToTokens(name));
  const joined = new Set<string>();
  for (const token of subject.joined) joined.add(token).add(joinedToken('subject', token));
  for (const token of body.joined) joined.add(token).add(joinedToken('body', token));
  for (const name of names)
    for (const token of name.joined) joined.add(token).add(joinedToken('names', token));
  return {
    number: version.number,
    subject: subject.tokens,
    body: body.tokens,
    names: names.map(({ tokens }) => tokens),
    joined: [...joined],
    keys: keysOf(item, version),
    sentMs: sentMs(item, version),
    unread: isUnread(version),
  };
};
