/**
 * The query as every evaluator takes it. Values are already analysed: engines never see raw text.
 * Three-valued: a leaf is true, false or unknown for one version of an item; `not` swaps true and false.
 */
export type Query =
  | { readonly type: 'and' | 'or'; readonly operands: readonly Query[] }
  | { readonly type: 'not'; readonly operand: Query }
  | TextLeaf
  | NearLeaf
  | KeysLeaf
  | OnlyLeaf
  | DateLeaf;

/** Where text is looked for. `any` = subject, body, attachment names (and attachment text once it is read). */
export type TextField = 'any' | 'subject' | 'body' | 'names';

/**
 * Consecutive tokens in one part. `prefix`: the last token is the beginning of a token.
 * `joined`: the single token, a number, is looked up among the joined digit groups of the field too (written there
 * as `joinedToken` of core/item/version-view.ts says); with `prefix`, by its beginning.
 */
export interface Phrase {
  readonly tokens: readonly string[];
  readonly prefix: boolean;
  readonly joined: boolean;
}

/**
 * True if the phrase occurs in a part of the field. If not: unknown on an unread version where the field is `any`
 * (only file contents can be unread; subject, body and names never are), else false.
 */
export interface TextLeaf {
  readonly type: 'text';
  readonly field: TextField;
  readonly phrase: Phrase;
}

/**
 * At most `distance` tokens strictly between non-overlapping operands in one part; `ordered`: left first.
 * Unknown as for `TextLeaf`. Engines may find a superset and ask the matcher.
 */
export interface NearLeaf {
  readonly type: 'near';
  readonly field: TextField;
  readonly ordered: boolean;
  readonly distance: number;
  /** Alternatives (parenthesised OR) of each operand. */
  readonly left: readonly Phrase[];
  readonly right: readonly Phrase[];
}

/** True if one key of the version equals one of `equal` or starts with one of `prefixes`. */
export interface KeysLeaf {
  readonly type: 'keys';
  readonly equal: readonly string[];
  readonly prefixes: readonly string[];
  /** Unknown instead of false on versions that carry this key (an incomplete roster). */
  readonly unknownWith?: string;
}

/**
 * Everybody of the property is in the list: each person has a key of some member (`personKeys`, no part letter).
 * If not: false where somebody named on the version is outside. True becomes unknown on versions that carry
 * `unknownWith`. Needs the item, so engines find a superset (core/query/only-superset.ts) and ask the matcher.
 */
export interface OnlyLeaf {
  readonly type: 'only';
  readonly of: 'participants' | 'recipients' | 'to' | 'present';
  readonly members: readonly { readonly equal: readonly string[]; readonly prefixes: readonly string[] }[];
  readonly unknownWith?: string;
}

/** Half-open range of milliseconds since 1970; a missing end is open. `edited`: some edit falls into it. */
export interface DateLeaf {
  readonly type: 'date';
  readonly property: 'sent' | 'edited' | 'deleted';
  readonly fromMs?: number;
  readonly toMs?: number;
}
