/** What JSON can hold; `undefined` members are left out, as JSON does. */
export type JsonValue = string | number | boolean | null | undefined | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/**
 * JSON with the names of every object sorted by UTF-16 code units and no white space: equal values give equal text,
 * in whatever order they were built. Recursive: only for values whose depth a schema bounds.
 */
export const canonicalJson = (value: JsonValue): string => {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return isList(value) ? canonicalList(value) : canonicalObject(value);
};

const isList = (value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] =>
  Array.isArray(value);

// Most strings need no escape, and joining them is three times faster than asking JSON.stringify for each.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON escapes
const mayNeedEscape = /["\\\u0000-\u001f\ud800-\udfff]/;
const canonicalString = (text: string): string =>
  mayNeedEscape.test(text) ? JSON.stringify(text) : `"${text}"`;

const canonicalList = (list: readonly JsonValue[]): string => {
  let text = '[';
  for (const member of list) text += `${text === '[' ? '' : ','}${canonicalJson(member)}`;
  return `${text}]`;
};

const canonicalObject = (object: JsonObject): string => {
  let text = '{';
  for (const name of sortFew(Object.keys(object))) {
    const member = object[name];
    if (member === undefined) continue;
    text += `${text === '{' ? '' : ','}${canonicalString(name)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
};

/** Insertion sort in place: objects here have few names, for which the built-in sort is slower. */
const sortFew = (names: string[]): string[] => {
  if (names.length > 32) return names.sort();
  for (let end = 1; end < names.length; end += 1) {
    const name = names[end]!;
    let at = end;
    for (; at > 0 && names[at - 1]! > name; at -= 1) names[at] = names[at - 1]!;
    names[at] = name;
  }
  return names;
};
