/** Beyond these a query is refused with the number; the schema of the API repeats none of them. */
export const queryLimits = {
  bytes: 64 * 1024,
  /** An echo is longer than what was written (NOT for a dash, instants for days): by at most this much a term. */
  echoBytesPerTerm: 200,
  terms: 1_000,
  /** AND, OR and NOT inside one another, after like ones side by side are one. */
  levels: 20,
  nearDistance: 100,
  prefixCharacters: 2,
  prefixCjkCharacters: 1,
  /** What one refusal or answer repeats of the query in corrections or other readings, in UTF-16 units. */
  repeated: 128 * 1024,
  /** Faults told at once. */
  faults: 20,
} as const;

export const defaultNearDistance = 8;
/** Every CJK character is a token, so the same stretch of text is more tokens. */
export const defaultCjkNearDistance = 24;
