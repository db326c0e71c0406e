import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import type { SearchAnswer } from '../../../schemas/api/search.ts';
import type { EnterpriseInstallation } from '../../support/enterprise-installation.ts';
import { type RoleProcess, startRoles } from '../../support/role-process.ts';
import type { BenchContext } from '../bench-context.ts';
import { type BenchRow, benchRow } from '../bench-row.ts';
import { compareSearches } from '../compare-searches.ts';
import { peakRssMbOf } from '../processor-time.ts';
import { post } from '../served-folder.ts';
import { recordSearch } from './recorded-search.ts';

const limit = 20;

export const enterpriseQueries = {
  'a common word': 'the',
  'a phrase': '"does anyone know"',
  NEAR: 'sudo apt-get NEAR(5) upgrade',
  'a beginning': 'upgrad*',
  'a phrase in Chinese': '"什麼"',
  'a range of dates': 'sent:2005-01-01..2005-12-31',
  'a participant': 'participants:ubotu',
} as const;

/** Searches through a search API's HTTP, in turn with the requests alone that its index sends for them. */
export const enterpriseSearchRows = async (
  { corpus, signal, say }: BenchContext,
  installation: EnterpriseInstallation,
  node: string,
): Promise<BenchRow[]> => {
  await using server = await startRoles(installation, 'search-api');
  await using signer = await startRoles(installation, 'signer');
  using agent = closing(new Agent({ keepAlive: true, maxSockets: 1 }));
  const rows: BenchRow[] = [];
  for (const [name, query] of Object.entries({ 'a rare word': corpus.rareWord, ...enterpriseQueries })) {
    say(`Enterprise: search, ${name}`);
    const body = JSON.stringify({ query, timeZone: 'UTC', limit });
    const api = () => post(`${server.url}/api/v1/search`, { agent, body });
    const answer = JSON.parse(await api()) as SearchAnswer;
    const { offsets } = answer.certificate.vector;
    const { installation: id } = installation.settings.config;
    using recorded = await recordSearch(query, { node, installation: id, limit, offsets });
    assert.equal(recorded.total, answer.total, `items found by ${query}`);
    assert.ok(answer.total > 0, `${query} finds nothing here`);
    rows.push(
      await compareSearches(
        { api, bare: () => recorded.run(), pid: server.process.pid ?? 0, signal },
        { what: `${name}, ${answer.total} hits`, engine: 'Elasticsearch', percents: [50, 99] },
      ),
    );
  }
  return [...rows, ...memoryRow('search API', server), ...memoryRow('signer', signer)];
};

const memoryRow = (role: string, { process }: RoleProcess): BenchRow[] => {
  const peakMb = peakRssMbOf(process.pid ?? 0);
  if (peakMb === undefined) return [];
  return [benchRow(`${role}, most memory resident`, { unit: 'MB', values: [peakMb], aim: { below: 512 } })];
};

const closing = (agent: Agent): Agent & Disposable =>
  Object.assign(agent, { [Symbol.dispose]: () => agent.destroy() });
