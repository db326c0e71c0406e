import type { Query } from '../../../core/query/ast.ts';
import {
  assertFewTerms,
  maxPrefixTerms,
  prefixesOf,
  type TextPrefix,
} from '../../../core/query/prefix-limit.ts';
import { compareText } from './cursor.ts';
import { fieldsOf, pathOf } from './match-leaf.ts';
import { type Dsl, isTooManyClauses, type SearchEngine } from './search-engine.ts';
import { anyOf } from './write-dsl.ts';

/** As many clauses as the engine takes whatever its heap are 1,024. */
const fewTerms = 1000;

/** Refuses a query with a beginning that stands for too many words. */
export const refuseWidePrefixes = async (
  engine: Pick<SearchEngine, 'explain'>,
  query: Query,
): Promise<void> => {
  for (const wanted of prefixesOf(query)) assertFewTerms(wanted, await countTerms(engine, wanted));
};

/**
 * Distinct words that begin so, by letting the engine write them out instead of the beginning. Words that stood only
 * in documents replaced or removed count until the engine has merged them away.
 */
const countTerms = async (
  engine: Pick<SearchEngine, 'explain'>,
  { field, prefix }: TextPrefix,
): Promise<number> => {
  const rewrite = `top_terms_${maxPrefixTerms + 1}`;
  const queries = fieldsOf[field].map((one) => ({ prefix: { [pathOf(one)]: { value: prefix, rewrite } } }));
  const terms = new Set<string>();
  try {
    for (const term of (await listTerms(engine, anyOf(queries))).flat()) terms.add(term);
  } catch (error) {
    if (!isTooManyClauses(error)) throw error;
    for (const one of fieldsOf[field]) await listInSteps(engine, { path: pathOf(one), prefix }, terms);
  }
  // Each shard lists as many as asked for, so beyond that the number would say how many shards there are.
  return Math.min(terms.size, maxPrefixTerms + 1);
};

/** Adds the words of one field, or as many of them as are too many. */
const listInSteps = async (
  engine: Pick<SearchEngine, 'explain'>,
  { path, prefix }: { readonly path: string; readonly prefix: string },
  terms: Set<string>,
): Promise<void> => {
  const rewrite = `top_terms_${fewTerms}`;
  let query: Dsl = { prefix: { [path]: { value: prefix, rewrite } } };
  for (let from: string | undefined; terms.size <= maxPrefixTerms; ) {
    const lists = await listTerms(engine, query);
    for (const term of lists.flat()) terms.add(term);
    // Each list is of the first words in order.
    const next = firstOf(lists.filter(({ length }) => length >= fewTerms).map((full) => full.at(-1) ?? ''));
    // More words than are listed at once may differ only beyond what is spelled out.
    if (next === undefined || next === from) return;
    from = next;
    query = { regexp: { [path]: { value: wordsFrom(prefix, from), flags: 'NONE', rewrite } } };
  }
};

/** As the engine writes conditions. Words hold no ASCII signs; what does is a beginning that stands for none. */
const written = /versions\.(subject|body|names):([^\s()^]+)/g;
const sign = /[!-/:-@[-`{-~]/;

/** Words of each field in each shard, in order. */
const listTerms = async (engine: Pick<SearchEngine, 'explain'>, query: Dsl): Promise<readonly string[][]> => {
  const lists: string[][] = [];
  for (const explanation of await engine.explain(query)) {
    const perField: Record<string, string[]> = { subject: [], body: [], names: [] };
    for (const [, field, term] of explanation.matchAll(written))
      if (!sign.test(term!)) perField[field!]!.push(term!);
    lists.push(...Object.values(perField));
  }
  return lists;
};

const firstOf = (texts: readonly string[]): string | undefined => texts.toSorted(compareText)[0];

/**
 * Code points after the prefix that a regular expression spells out: it may be 1,000 characters long. More than a
 * thousand words that begin alike for longer are let through by an engine with a small heap; the answer is still exact.
 */
const maxSpelled = 40;
const lastCodePoint = 0x10ffff;

/** A regular expression for the words with the prefix that are not before `from`, or not much before it. */
const wordsFrom = (prefix: string, from: string): string => {
  const spelled = [...from.slice(prefix.length)].slice(0, maxSpelled);
  const beyond = spelled.reduceRight((rest, character) => {
    const code = character.codePointAt(0)!;
    const higher = code === lastCodePoint ? '' : `|[${String.fromCodePoint(nextOf(code))}-\u{10ffff}].*`;
    return `(${character}${rest}${higher})`;
  }, '.*');
  return prefix + beyond;
};

const nextOf = (code: number): number => (code === 0xd7ff ? 0xe000 : code + 1);
