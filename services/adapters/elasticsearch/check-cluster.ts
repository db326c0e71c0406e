import type { EngineConnection } from './engine-connection.ts';
import { unsuitable } from './index-fault.ts';
import type { IndexNames } from './index-names.ts';

const oldestMajor = 9;

/** Refuses a cluster that cannot hold the archive. Asks nothing that the minimal distribution lacks. */
export const checkCluster = async (connection: EngineConnection, names: IndexNames): Promise<void> => {
  await checkVersions(connection);
  await checkAutoCreate(connection, names);
};

const checkVersions = async (connection: EngineConnection): Promise<void> => {
  const { nodes } = await connection.request<{ nodes: Record<string, { name: string; version: string }> }>({
    method: 'GET',
    path: '/_nodes/_all/none',
    query: { filter_path: 'nodes.*.name,nodes.*.version' },
  });
  for (const { name, version } of Object.values(nodes))
    if (!(Number.parseInt(version, 10) >= oldestMajor))
      throw unsuitable({
        what: `Elasticsearch version of node ${name}`,
        expected: `${oldestMajor} or later`,
        found: version,
        fix: 'Upgrade the node.',
      });
};

const setting = 'action.auto_create_index';

/** An index that is made by a write has no mapping of ours, and would swallow what another one lost. */
const checkAutoCreate = async (connection: EngineConnection, names: IndexNames): Promise<void> => {
  const groups = await connection.request<Record<string, { action?: { auto_create_index?: string } }>>({
    method: 'GET',
    path: '/_cluster/settings',
    query: { include_defaults: true, filter_path: `*.${setting}` },
  });
  const scopes = [groups.transient, groups.persistent, groups.defaults];
  const value = scopes.find((scope) => scope !== undefined)?.action?.auto_create_index ?? 'true';
  if ([names.read, names.write, names.concrete(1)].some((name) => isCreated(name, value)))
    throw unsuitable({
      what: setting,
      expected: 'false, or a list that excludes `holdfast-*`',
      found: value,
      fix: `Set \`${setting}: "-holdfast-*,*"\` in elasticsearch.yml or by PUT _cluster/settings.`,
    });
};

/** The first pattern that fits decides; where none does, nothing is made. */
const isCreated = (name: string, value: string): boolean => {
  if (value === 'true' || value === 'false') return value === 'true';
  const pattern = value.split(',').find((one) => fits(name, one.trim().replace(/^[+-]/, '')));
  return pattern !== undefined && !pattern.trim().startsWith('-');
};

const fits = (name: string, pattern: string): boolean => {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w-]/g, (sign) => `\\${sign}`));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
};
