/** JSON that may say what no value can: a name twice, `__proto__`, a number beyond all numbers, no JSON at all. */
export type Json =
  | { readonly members: [name: string, value: Json][] }
  | { readonly items: Json[] }
  | { readonly raw: string };

export const jsonOf = (value: unknown): Json => {
  if (Array.isArray(value)) return { items: value.map(jsonOf) };
  if (typeof value !== 'object' || value === null) return { raw: JSON.stringify(value) ?? 'null' };
  return { members: Object.entries(value).map(([name, member]) => [name, jsonOf(member)]) };
};

export const printJson = (json: Json): string => {
  if ('raw' in json) return json.raw;
  if ('items' in json) return `[${json.items.map(printJson).join(',')}]`;
  return `{${json.members.map(([name, value]) => `${JSON.stringify(name)}:${printJson(value)}`).join(',')}}`;
};

/** The objects and arrays of a value, itself first. */
export const nodesOf = (json: Json): Json[] => {
  if ('raw' in json) return [];
  const inner = 'items' in json ? json.items : json.members.map(([, value]) => value);
  return [json, ...inner.flatMap(nodesOf)];
};
