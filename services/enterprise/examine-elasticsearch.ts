import type { Finding } from '../../schemas/api/finding.ts';
import { examineCluster } from '../adapters/elasticsearch/examine-cluster.ts';
import type { EnterpriseSettings } from '../adapters/files/enterprise-settings.ts';
import type { Clock } from '../ports/clock.ts';
import { diskFinding, type Examined, faultOf, ok } from './finding.ts';
import { indexOptionsOf } from './open-engines.ts';

const maxClockDifferenceMs = 1000;
/** Longer than a cluster that works takes for such questions. */
const requestTimeoutMs = 8000;

/** Cluster and index, as the first start would find them. */
export const examineElasticsearch = async (settings: EnterpriseSettings, clock: Clock): Promise<Examined> => {
  const options = indexOptionsOf(settings);
  const beforeMs = clock.now().getTime();
  const { nodes, index, health, faults } = await examineCluster({
    ...options,
    connection: { ...options.connection, requestTimeoutMs },
  });
  const afterMs = clock.now().getTime();
  const findings: Finding[] = faults.map((fault) => faultOf('Elasticsearch', fault));
  const versions = [...new Set(nodes.map(({ version }) => version))].join(', ');
  const reached = `reached; ${nodes.length === 1 ? 'one node' : `${nodes.length} nodes`} of version ${versions}`;
  if (health === 'red')
    findings.push({
      area: 'Elasticsearch',
      state: 'fault',
      found: `index ${index} is red: a part of it has no copy`,
      fix: 'Bring the missing node back, or `holdfast rebuild-index`.',
    });
  else if (health === 'yellow' && settings.config.profile === 'production')
    findings.push({
      area: 'Elasticsearch',
      state: 'warning',
      found: `index ${index} is yellow: not every copy is there`,
      fix: 'Bring the missing node back.',
    });
  if (findings.length === 0)
    findings.push(
      ok(
        'Elasticsearch',
        index === undefined
          ? `${reached}; the first start makes the index`
          : `${reached}; index ${index} is as it must be`,
      ),
    );
  for (const { name, freeBytes, totalBytes, clockMs } of nodes) {
    findings.push(diskFinding(`of node ${name}`, freeBytes, totalBytes));
    findings.push(clockFinding(name, clockMs, { beforeMs, afterMs }));
  }
  return { findings, isComplete: index !== undefined && faults.length === 0 };
};

/** No decision compares clocks, but people compare times. */
const clockFinding = (
  name: string,
  clockMs: number,
  asked: { beforeMs: number; afterMs: number },
): Finding => {
  const differenceMs = Math.max(0, asked.beforeMs - clockMs, clockMs - asked.afterMs);
  const found = `the clock of node ${name} is ${differenceMs} ms from this machine's`;
  if (differenceMs <= maxClockDifferenceMs) return ok('clock', found);
  return { area: 'clock', state: 'warning', found, fix: 'Let both follow a time server.' };
};
