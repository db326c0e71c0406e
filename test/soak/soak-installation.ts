import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchEngine, BenchEngines } from '../bench/enterprise/bench-engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { type RoleProcess, startRoles } from '../support/role-process.ts';
import { type LoadProcess, startLoad } from './load-process.ts';
import { groupMembers, type Watched } from './process-samples.ts';
import { Searcher } from './searches.ts';

/** A new installation with every role in a process of its own, its load, and what was published into it. */
export interface SoakInstallation extends AsyncDisposable {
  readonly enterprise: EnterpriseInstallation;
  /** Of the search API. */
  readonly url: string;
  readonly api: RoleProcess;
  readonly searcher: Searcher;
  readonly load: LoadProcess;
  readonly watched: readonly Watched[];
  /** Every event before it was published and acknowledged. */
  nextEvent: number;
  /** Events that may be in the log more than once. */
  repeated: number;
  /** What the roles logged last: warnings and worse. */
  readonly complaints: readonly string[];
  /** Rejects when a role ended before it was asked to. */
  readonly died: Promise<never>;
}

export interface InstallationPlan {
  readonly engines: BenchEngines;
  readonly archivers: number;
  readonly partitions: number;
}

const keptComplaints = 10;

export const openInstallation = async (plan: InstallationPlan): Promise<SoakInstallation> => {
  const resources = new AsyncDisposableStack();
  try {
    const enterprise = resources.use(await makeEnterprise({ partitions: plan.partitions }));
    const died = Promise.withResolvers<never>();
    died.promise.catch(() => undefined);
    let isEnding = false;
    const complaints: string[] = [];
    const start = async (name: string, role: string): Promise<[string, RoleProcess]> => {
      const started = resources.use(await startRoles(enterprise, role));
      endWithThisProcess(resources, started.process.pid ?? 0);
      started.process.stderr?.on('data', (more: Buffer) => {
        complaints.push(`${name}: ${more.toString().trim().slice(0, 2000)}`);
        complaints.splice(0, complaints.length - keptComplaints);
      });
      started.process.once('exit', (code, signal) => {
        if (!isEnding) died.reject(new Error(`The ${name} ended by itself with ${code ?? signal}.`));
      });
      return [name, started];
    };
    const named = [await start('search API', 'search-api'), await start('signer', 'signer')];
    for (let number = 1; number <= plan.archivers; number++)
      named.push(await start(plan.archivers === 1 ? 'archiver' : `archiver ${number}`, 'archiver'));
    const api = named[0]![1];
    const load = resources.use(await startLoad(enterprise.path));
    const searcher = resources.use(new Searcher(api.url));
    await Promise.race([answering(searcher), died.promise]);
    return {
      enterprise,
      url: api.url,
      api,
      searcher,
      load,
      watched: [
        ...named.map(([name, { process }]) => ({ name, pids: [process.pid ?? 0] })),
        { name: 'load', pids: [load.pid] },
        { name: 'soak itself', pids: [process.pid] },
        ...watchedEngine('Kafka', plan.engines.kafka),
        ...watchedEngine('Elasticsearch', plan.engines.elasticsearch),
      ],
      nextEvent: 0,
      repeated: 0,
      complaints,
      died: died.promise,
      [Symbol.asyncDispose]: () => {
        isEnding = true;
        return resources.disposeAsync();
      },
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};

/** Waits until it is searched: a new installation refuses until its archiver has begun. */
const answering = async (searcher: Searcher): Promise<void> => {
  for (;;) {
    try {
      return void (await searcher.search('hello'));
    } catch {
      await delay(200);
    }
  }
};

const watchedEngine = (name: string, { pid }: BenchEngine): Watched[] =>
  pid === undefined ? [] : [{ name, pids: groupMembers(pid) }];

/** A shell whose only reason to live is a pipe from this process; when that breaks, it stops the other one. */
const endWithThisProcess = (resources: AsyncDisposableStack, pid: number): void => {
  const watcher = spawn('/bin/sh', ['-c', `read -r _; kill ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  resources.defer(() => void watcher.kill('SIGKILL'));
};
