import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import { liveFileOf } from '../../services/adapters/sqlite/archive-index/live-file.ts';
import type { BenchContext } from './bench-context.ts';
import { type BenchRow, benchRow } from './bench-row.ts';
import { type CompiledSearch, compileSearch } from './compiled-sql.ts';
import { cpuSecondsOf } from './processor-time.ts';
import { type ServedFolder, serveFolder } from './served-folder.ts';
import { medianOf, percentileOf } from './statistics.ts';

const root = join(import.meta.dirname, '../..');
const limit = 20;
const rounds = 5;
const searchesEachRound = 20;
const warmUps = 10;

const queries = {
  'a rare word': 'segfaults',
  'a common word': 'the',
  'a phrase': '"does anyone know"',
  Korean: '회의',
  'a range of dates': 'sent:2005-01-01..2005-12-31',
  'a sender': 'from:ubotu',
  'a conversation': 'conversation:"#ubuntu" nvidia',
  NEAR: 'sudo apt-get NEAR(5) upgrade',
  'a nested query': '(install OR upgrade) (driver OR "sound card") NOT windows',
} as const;

interface Round {
  readonly apiMs: readonly number[];
  readonly sqlMs: readonly number[];
  readonly serverCpuSeconds: number | undefined;
}

/** Searches through the server's HTTP API, in turn with the statements alone that its index runs for them. */
export const searchRows = async (context: BenchContext, data: string): Promise<BenchRow[]> => {
  context.say('search, adding the samples in Korean, Chinese and Japanese');
  await addSamples(data, context.signal);
  await using server = await serveFolder(data, context.signal);
  const rows: BenchRow[] = [];
  for (const [name, query] of Object.entries(queries)) {
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
  for (let turn = 0; turn < warmUps; turn += 1) await measureOnce(server, { compiled, body, apiFirst: true });
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    signal.throwIfAborted();
    measured.push(await measureRound(server, { compiled, body }));
  }
  return rowOf(`${name}, ${answer.total} hits`, measured);
};

const measureRound = async (
  server: ServedFolder,
  search: { readonly compiled: CompiledSearch; readonly body: string },
): Promise<Round> => {
  const cpuSeconds = cpuSecondsOf(server.pid);
  const turns = [];
  for (let turn = 0; turn < searchesEachRound; turn += 1)
    turns.push(await measureOnce(server, { ...search, apiFirst: turn % 2 === 0 }));
  const spent = cpuSecondsOf(server.pid);
  return {
    apiMs: turns.map(({ apiMs }) => apiMs),
    sqlMs: turns.map(({ sqlMs }) => sqlMs),
    serverCpuSeconds: spent === undefined || cpuSeconds === undefined ? undefined : spent - cpuSeconds,
  };
};

const measureOnce = async (
  server: ServedFolder,
  { compiled, body, apiFirst }: { compiled: CompiledSearch; body: string; apiFirst: boolean },
): Promise<{ apiMs: number; sqlMs: number }> => {
  const api = async () => {
    const startedMs = performance.now();
    await server.search(body);
    return performance.now() - startedMs;
  };
  const sql = () => {
    const startedMs = performance.now();
    compiled.run();
    return performance.now() - startedMs;
  };
  if (!apiFirst) return { sqlMs: sql(), apiMs: await api() };
  const apiMs = await api();
  return { apiMs, sqlMs: sql() };
};

const rowOf = (what: string, measured: readonly Round[]): BenchRow => {
  const api = percentilesOf(measured.flatMap(({ apiMs }) => apiMs));
  const sql = percentilesOf(measured.flatMap(({ sqlMs }) => sqlMs));
  const cpuSeconds = measured.flatMap(({ serverCpuSeconds }) =>
    serverCpuSeconds === undefined ? [] : [serverCpuSeconds],
  );
  return benchRow(`search for ${what}: API p50 above SQL p50`, {
    unit: 'ms',
    values: measured.map(({ apiMs, sqlMs }) => medianOf(apiMs) - medianOf(sqlMs)),
    ...(cpuSeconds.length === 0 ? {} : { cpuSeconds }),
    wallSeconds: measured.map(({ apiMs }) => apiMs.reduce((sum, ms) => sum + ms, 0) / 1000),
    aim: { below: 3 },
    note: `p50 / p95: API ${api}, SQL ${sql} ms`,
  });
};

const percentilesOf = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return [50, 95].map((percent) => percentileOf(sorted, percent).toFixed(1)).join(' / ');
};
