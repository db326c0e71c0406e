import type { HoldfastError } from '../../core/errors.ts';
import { isHoldfastError } from '../../core/errors.ts';
import { checkCluster } from './check-cluster.ts';
import { faultsOf } from './check-index.ts';
import { type ConnectionOptions, EngineConnection } from './engine-connection.ts';
import { describeLive, hasNoIndex } from './find-indexes.ts';
import type { IndexDefinitionOptions } from './index-definition.ts';
import { toIndexFault } from './index-fault.ts';
import { indexNamesOf } from './index-names.ts';

export interface ExaminedNode {
  readonly name: string;
  readonly version: string;
  /** The node's clock, milliseconds since 1970. */
  readonly clockMs: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface ExaminedCluster {
  readonly nodes: readonly ExaminedNode[];
  /** Undefined where the first start will make it. */
  readonly index: string | undefined;
  readonly health: string | undefined;
  readonly faults: readonly HoldfastError[];
}

interface NodeStats {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly timestamp: number;
        readonly fs?: {
          readonly total?: { readonly available_in_bytes?: number; readonly total_in_bytes?: number };
        };
      }
    >
  >;
}

/** Looks at a cluster and changes nothing. Rejects when it cannot be reached. */
export const examineCluster = async (
  options: IndexDefinitionOptions & { readonly connection: ConnectionOptions },
): Promise<ExaminedCluster> => {
  await using connection = new EngineConnection(options.connection);
  try {
    const nodes = await examineNodes(connection);
    const names = indexNamesOf(options.installation);
    const faults: HoldfastError[] = [];
    const gather = async <T>(look: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await look();
      } catch (error) {
        const fault = toIndexFault(error);
        if (!isHoldfastError(fault)) throw fault;
        faults.push(fault);
        return undefined;
      }
    };
    await gather(() => checkCluster(connection, names));
    const live = await gather(async () =>
      (await hasNoIndex(connection, names)) ? undefined : describeLive(connection, names),
    );
    if (live !== undefined) faults.push(...faultsOf(live.name, live.index, options));
    const health = live === undefined ? undefined : await healthOf(connection, live.name);
    return { nodes, index: live?.name, health, faults };
  } catch (error) {
    throw toIndexFault(error);
  }
};

const examineNodes = async (connection: EngineConnection): Promise<readonly ExaminedNode[]> => {
  const [stats, versions] = await Promise.all([
    connection.request<NodeStats>({
      method: 'GET',
      path: '/_nodes/stats/fs',
      query: { filter_path: 'nodes.*.name,nodes.*.timestamp,nodes.*.fs.total' },
    }),
    connection.request<{ nodes: Record<string, { version: string }> }>({
      method: 'GET',
      path: '/_nodes/_all/none',
      query: { filter_path: 'nodes.*.version' },
    }),
  ]);
  return Object.entries(stats.nodes).map(([id, { name, timestamp, fs }]) => ({
    name,
    version: versions.nodes[id]?.version ?? 'unknown',
    clockMs: timestamp,
    freeBytes: fs?.total?.available_in_bytes ?? 0,
    totalBytes: fs?.total?.total_in_bytes ?? 0,
  }));
};

const healthOf = async (connection: EngineConnection, index: string): Promise<string> => {
  const { status } = await connection.request<{ status: string }>({
    method: 'GET',
    path: `/_cluster/health/${index}`,
  });
  return status;
};
