import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import { liveFileOf } from '../../services/adapters/sqlite/archive-index/live-file.ts';
import type { BenchContext } from './bench-context.ts';
import type { BenchRow } from './bench-row.ts';
import { compareSearches } from './compare-searches.ts';
import { compileSearch } from './compiled-sql.ts';
import { type ServedFolder, serveFolder } from './served-folder.ts';

const root = join(import.meta.dirname, '../..');
const limit = 20;

const queries = {
  'a common word': 'the',
  'a phrase': '"does anyone know"',
  Korean: '회의',
  'a range of dates': 'sent:2005-01-01..2005-12-31',
  'a sender': 'from:ubotu',
  'a conversation': 'conversation:"#ubuntu" nvidia',
  NEAR: 'sudo apt-get NEAR(5) upgrade',
  'a nested query': '(install OR upgrade) (driver OR "sound card") NOT windows',
} as const;

/** Searches through the server's HTTP API, in turn with the statements alone that its index runs for them. */
export const searchRows = async (context: BenchContext, data: string): Promise<BenchRow[]> => {
  context.say('search, adding the samples in Korean, Chinese and Japanese');
  await addSamples(data, context.signal);
  await using server = await serveFolder(data, context.signal);
  const rows: BenchRow[] = [];
  for (const [name, query] of Object.entries({ 'a rare word': context.corpus.rareWord, ...queries })) {
    context.say(`search, ${name}`);
    rows.push(await measure(server, { name, query, data, signal: context.signal }));
  }
  return rows;
};

const addSamples = async (data: string, signal: AbortSignal): Promise<void> => {
  const files = globSync(join(root, 'infra/samples/*/*.jsonl'));
  const main = join(root, 'services/cli/main.ts');
  const words = ['--max-semi-space-size=4', main, '--data', data, 'import', ...files];
  await promisify(execFile)(process.execPath, words, { signal });
};

interface SearchBench {
  readonly name: string;
  readonly query: string;
  readonly data: string;
  readonly signal: AbortSignal;
}

const measure = async (
  server: ServedFolder,
  { name, query, data, signal }: SearchBench,
): Promise<BenchRow> => {
  const body = JSON.stringify({ query, timeZone: 'UTC', limit });
  const answer = JSON.parse(await server.search(body)) as SearchAnswer;
  const { offsets } = answer.certificate.vector;
  using compiled = compileSearch(liveFileOf(join(data, 'index.db')) ?? '', query, { limit, offsets });
  assert.equal(compiled.total, answer.total, `items found by ${query}`);
  assert.ok(answer.total > 0, `${query} finds nothing here`);
  return await compareSearches(
    { api: () => server.search(body), bare: () => compiled.run(), pid: server.pid, signal },
    { what: `${name}, ${answer.total} hits`, engine: 'SQL', percents: [50, 95] },
  );
};
