import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseWidePrefixes } from '../../../services/adapters/elasticsearch/search/count-prefix-terms.ts';
import { compareText } from '../../../services/adapters/elasticsearch/search/cursor.ts';
import {
  type Dsl,
  type SearchEngine,
  tooManyClauses,
} from '../../../services/adapters/elasticsearch/search/search-engine.ts';
import { HoldfastError, isHoldfastError } from '../../../services/core/errors.ts';
import { queryOf } from '../../support/ask-index.ts';

/** An engine of a small heap, which refuses to write out more words of a shard than that. */
const smallEngine = (
  shards: readonly Readonly<Record<string, readonly string[]>>[],
  atOnce = 1_024,
): Pick<SearchEngine, 'explain'> => ({
  explain: async (query) =>
    shards.map((shard) => {
      const written = partsOf(query).flatMap((part) => {
        const [kind, condition] = Object.entries(part)[0] as [
          string,
          Record<string, { value: string; rewrite: string }>,
        ];
        const [path, { value, rewrite }] = Object.entries(condition)[0]!;
        const pattern = new RegExp(`^(?:${kind === 'prefix' ? `${value}.*` : value})$`, 'su');
        return (shard[path.replace('versions.', '')] ?? [])
          .filter((word) => pattern.test(word))
          .toSorted(compareText)
          .slice(0, Number(rewrite.replace('top_terms_', '')))
          .map((word) => `${path}:${word}`);
      });
      if (written.length >= atOnce) throw new HoldfastError('QueryRefused', tooManyClauses);
      return written.length === 0
        ? `${Object.keys(shard)[0]}:xy*`
        : `+(#FieldExistsQuery [field=_primary_term] (${written.join(' ')}))~1`;
    }),
});

const partsOf = (query: Dsl): readonly Dsl[] =>
  (query.bool as { should: readonly Dsl[] } | undefined)?.should ?? [query];

/** Letters whose order by UTF-16 unit is not the one by code point, and those beside the surrogates. */
const letters = ['a', 'b', 'z', 'ß', '가', '\ud7fb', '\ue0f1', 'ﾟ', '𝒳', '𠀀'];

/** Distinct words, each with its number in these letters. */
const wordsOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) =>
    ['xy', ...String(from + n)].map((digit) => letters[Number(digit)] ?? digit).join(''),
  );

const isRefused = async (
  engine: Pick<SearchEngine, 'explain'>,
  text: string,
): Promise<number | undefined> => {
  try {
    await refuseWidePrefixes(engine, queryOf(text));
    return undefined;
  } catch (error) {
    assert.ok(isHoldfastError(error, 'QueryRefused'), String(error));
    return Number(error.details.terms);
  }
};

test('words are counted however few of them the engine writes out at once, in every field and shard', async () => {
  const body = wordsOf(0, 10_000);
  assert.equal(await isRefused(smallEngine([{ body }]), 'xy*'), undefined);
  assert.equal(await isRefused(smallEngine([{ body: [...body, 'xyq'] }]), 'xy*'), 10_001);
  const names = wordsOf(5_000, 10_001);
  const inParts = [
    { subject: body.slice(0, 900), body: body.slice(900, 6_000) },
    { body: body.slice(4_000, 8_000), names },
  ];
  assert.equal(await isRefused(smallEngine(inParts), 'xy*'), 10_001);
  assert.equal(await isRefused(smallEngine(inParts), 'body:xy*'), undefined);
  assert.equal(await isRefused(smallEngine(inParts.slice(0, 1)), 'xy*'), undefined);
});

test('words that begin alike for longer than can be spelled out are not counted for ever', async () => {
  const stem = `xy${'a'.repeat(50)}`;
  const body = wordsOf(0, 10_001).map((word) => stem + word.slice(2));
  assert.equal(await isRefused(smallEngine([{ body }]), 'xy*'), undefined);
  assert.equal(await isRefused(smallEngine([{ body }], 20_000), 'xy*'), 10_001);
});

test('a beginning without words is not refused', async () => {
  const engine = {
    explain: async () => ['MatchNoDocsQuery("")', '+()', 'versions.body:xy*', 'versions.body:/xy(a.*)/'],
  };
  assert.equal(await isRefused(engine, 'xy* OR body:ab*'), undefined);
});
