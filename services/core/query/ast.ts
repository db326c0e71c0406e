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
 * A single token that joins digit groups is looked up in the `joined` field too (`joined: true`).
 */
export interface Phrase {
  readonly tokens: readonly string[];
  readonly prefix: boolean;
  readonly joined: boolean;
}

/** True if the phrase occurs in a part of the field; unknown if not and some part is unread. */
export interface TextLeaf {
  readonly type: 'text';
  readonly field: TextField;
  readonly phrase: Phrase;
}

/** At most `distance` tokens strictly between non-overlapping operands in one part; `ordered`: left first. */
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

/** Everybody who took part is in the list: true only if each participant has a key of some member. */
export interface OnlyLeaf {
  readonly type: 'only';
  readonly members: readonly { readonly equal: readonly string[]; readonly prefixes: readonly string[] }[];
}

/** Half-open range of milliseconds since 1970; a missing end is open. `edited`: some edit falls into it. */
export interface DateLeaf {
  readonly type: 'date';
  readonly property: 'sent' | 'edited' | 'deleted';
  readonly fromMs?: number;
  readonly toMs?: number;
}
