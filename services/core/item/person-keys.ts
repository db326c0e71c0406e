import { analyzeToTokens } from '../analysis/analyze-to-tokens.ts';
import { foldCase } from '../analysis/fold.ts';
import { phraseTokens } from '../analysis/phrase-tokens.ts';
import { encodePrefix, encodeValue, nameBeginning, nameTexts } from './key-text.ts';
import { remembered } from './remembered.ts';

/** What is known of a person on an item. */
export interface Bearer {
  readonly id: string;
  readonly address: string;
  readonly name?: string | undefined;
}

/** Keys to look for: one of `equal`, or one that begins with one of `prefixes`. */
export interface KeyTerms {
  readonly equal: readonly string[];
  readonly prefixes: readonly string[];
}

/** First character of a key: what of the person it holds. */
const mark = { id: 'i', address: 'x', foldedAddress: 'a', domain: 'd', localPart: 'l', name: 'n' } as const;

const scheme = /^(?:sips?|mailto|xmpp|im|smtp):/;
const afterDomain = /[/;?>\s].*$/s;

/** An address as it is compared: case and width folded, without scheme. */
const foldAddress = (address: string): string => foldCase(address).trim().replace(scheme, '');

const domainsOf = (folded: string): string[] => {
  const at = folded.lastIndexOf('@');
  if (at < 0) return [];
  const labels = folded
    .slice(at + 1)
    .replace(afterDomain, '')
    .split('.')
    .filter((label) => label !== '');
  return labels.map((_, index) => labels.slice(index).join('.'));
};

const makeKeys = ({ id, address, name }: Bearer): string[] => {
  const folded = foldAddress(address);
  const keys = [mark.id + encodeValue(id), mark.address + encodeValue(address)];
  if (folded !== address) keys.push(mark.foldedAddress + encodeValue(folded));
  for (const domain of domainsOf(folded)) keys.push(mark.domain + encodeValue(domain));
  const at = folded.lastIndexOf('@');
  if (at > 0) keys.push(mark.localPart + encodeValue(folded.slice(0, at)));
  if (name !== undefined)
    for (const text of nameTexts(analyzeToTokens(name).tokens)) keys.push(mark.name + text);
  return [...new Set(keys)];
};

const rememberedKeys = remembered<readonly string[]>();

/** Every key of a person, each with the letter before it that says which part they took, if one is given. */
export const personKeys = (person: Bearer, part = ''): readonly string[] => {
  const { id, address, name = '' } = person;
  // An address may hold anything, so its length says where it ends; an id holds no line break.
  const text = `${part}\n${id}\n${address.length} ${address}${name}`;
  return rememberedKeys(text, () => makeKeys(person).map((key) => part + key));
};

/** `id`: this id; `address`: the address as it stands on the item; `any`: whoever the value may name. */
export type PersonMode = 'any' | 'address' | 'id';

const looksLikeDomain = /^@?[^@\s]+\.[^@\s.]+$|^@[^@\s]+$/u;

/**
 * Keys of the persons a value names: an address names who bore it, a domain everybody at or below it, anything else
 * an id, address, local part or a phrase of a display name. Undefined if the value is too long to be exact.
 */
export const personTerms = (
  value: string,
  { mode, prefix, strict = false }: PersonOptions,
): KeyTerms | undefined => {
  if (mode === 'id') return { equal: [mark.id + encodeValue(value)], prefixes: [] };
  if (mode === 'address') return { equal: [mark.address + encodeValue(value)], prefixes: [] };
  return prefix ? prefixTerms(value) : anyTerms(value, strict);
};

export interface PersonOptions {
  readonly mode: PersonMode;
  /** A star follows the value. */
  readonly prefix: boolean;
  /** Where somebody is cleared by being named, `contoso.com@evil.org` must not pass for a domain's own. */
  readonly strict?: boolean;
}

const anyTerms = (value: string, strict: boolean): KeyTerms | undefined => {
  const folded = foldAddress(value);
  const encoded = encodeValue(folded);
  const equal = [mark.id + encodeValue(value), mark.address + encoded, mark.foldedAddress + encoded];
  if (looksLikeDomain.test(folded)) {
    equal.push(mark.domain + encodeValue(folded.replace(/^@/, '')));
    if (!strict && !folded.startsWith('@')) equal.push(mark.localPart + encoded);
    return { equal, prefixes: [] };
  }
  if (folded.includes('@')) return { equal, prefixes: [] };
  equal.push(mark.localPart + encoded);
  const name = phraseTokens(value);
  if (name.tokens.length === 0) return { equal, prefixes: [] };
  const beginning = nameBeginning(name.tokens, name.prefix);
  return beginning === undefined ? undefined : { equal, prefixes: [mark.name + beginning] };
};

const prefixTerms = (value: string): KeyTerms | undefined => {
  const folded = foldAddress(value);
  const id = encodePrefix(value);
  const address = encodePrefix(folded);
  const { tokens } = phraseTokens(value, { prefix: true });
  const name = tokens.length === 0 || folded.includes('@') ? '' : nameBeginning(tokens, true);
  if (id === undefined || address === undefined || name === undefined) return undefined;
  const prefixes = [mark.id + id, mark.address + address, mark.foldedAddress + address];
  return { equal: [], prefixes: name === '' ? prefixes : [...prefixes, mark.name + name] };
};
