import type { Query } from '../../../core/query/ast.ts';
import {
  assertFewTerms,
  maxPrefixTerms,
  prefixesOf,
  type TextPrefix,
} from '../../../core/query/prefix-limit.ts';
import { compareText } from './cursor.ts';
import { fieldsOf, pathOf } from './match-leaf.ts';
import type { Dsl, SearchEngine } from './search-engine.ts';
import { anyOf } from './write-dsl.ts';

/** No engine lists fewer words than this at once, whatever its heap. */
const alwaysListed = 1024;

/** Refuses a query with a beginning that stands for too many words. */
export const refuseWidePrefixes = async (engine: SearchEngine, query: Query): Promise<void> => {
  for (const wanted of prefixesOf(query)) assertFewTerms(wanted, await countTerms(engine, wanted));
};

/**
 * Distinct words that begin so, by letting the engine write them out instead of the beginning. Words that stood only
 * in documents replaced or removed count until the engine has merged them away.
 */
const countTerms = async (engine: SearchEngine, { field, prefix }: TextPrefix): Promise<number> => {
  const rewrite = `top_terms_${maxPrefixTerms + 1}`;
  const terms = new Set<string>();
  const list = async (fieldQuery: (path: string) => Dsl): Promise<string | undefined> => {
    const lists = await listTerms(engine, anyOf(fieldsOf[field].map((one) => fieldQuery(pathOf(one)))));
    for (const term of lists.flat()) terms.add(term);
    return firstOf(lists.filter(({ length }) => length >= alwaysListed).map((full) => full.at(-1) ?? ''));
  };
  let from = await list((path) => ({ prefix: { [path]: { value: prefix, rewrite } } }));
  // The engine lists the first words in order, and where its heap is small fewer than asked for.
  while (from !== undefined && terms.size <= maxPrefixTerms) {
    const value = wordsFrom(prefix, from);
    const next = await list((path) => ({ regexp: { [path]: { value, flags: 'NONE', rewrite } } }));
    if (next === from) break; // More words than it lists differ only beyond what is spelled out.
    from = next;
  }
  // Each shard lists as many as asked for, so beyond that the number would say how many shards there are.
  return Math.min(terms.size, maxPrefixTerms + 1);
};

/** Words of each field in each shard, in order. Tokens hold neither white space nor ASCII signs, so they end there. */
const listTerms = async (engine: SearchEngine, query: Dsl): Promise<readonly string[][]> => {
  const lists: string[][] = [];
  for (const explanation of await engine.explain(query)) {
    const perField: Record<string, string[]> = { subject: [], body: [], names: [] };
    for (const [, field, term] of explanation.matchAll(/versions\.(subject|body|names):([^\s()^]+)/g))
      perField[field!]!.push(term!);
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
