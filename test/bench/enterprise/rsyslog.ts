import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { cpuSecondsOf, peakRssMbOf } from '../processor-time.ts';
import { ask } from './ask.ts';
import type { CopyOrder } from './copy-child.ts';
import { perRequest } from './equal-settings.ts';
import type { RunFigures } from './run-figures.ts';

const installer = join(import.meta.dirname, '../../../infra/engines/install-rsyslog.sh');
const libraries = 'usr/lib/x86_64-linux-gnu';
const pollMs = 10;

/** Where rsyslog was unpacked, or the line that says why it cannot be. */
export const findRsyslog = async (): Promise<{ readonly folder: string } | { readonly missing: string }> => {
  try {
    const { stdout } = await promisify(execFile)(installer);
    return { folder: stdout.trim() };
  } catch (error) {
    return { missing: `${Object(error).stderr ?? error}`.trim().split('\n')[0] ?? '' };
  }
};

/** One thread reads, batches of as many as the others send at once; ids are the engine's, offsets librdkafka's. */
const configurationOf = ({ kafka, elasticsearch, topic, index }: CopyOrder, group: string): string => {
  const { hostname, port } = new URL(elasticsearch);
  return `
global(maxMessageSize="1m" workDirectory="/tmp")
module(load="imkafka")
module(load="omelasticsearch")
main_queue(queue.type="LinkedList" queue.size="200000" queue.dequeueBatchSize="${perRequest}" queue.workerThreads="3")
template(name="stored" type="string" string="%msg%")
input(type="imkafka" topic="${topic}" broker="${kafka}" consumergroup="${group}" confParam=["auto.offset.reset=earliest"])
action(type="omelasticsearch" server="${hostname}" serverport="${port}" template="stored" searchIndex="${index}"
  searchType="" bulkmode="on" maxbytes="5m" action.resumeRetryCount="-1")
`;
};

/**
 * The same topic through rsyslog into the same kind of index. Measured in its favour from the first document that is
 * seen there to the last, so that its start costs it nothing.
 */
export const runRsyslog = async (installed: string, order: CopyOrder): Promise<RunFigures> => {
  await using folder = await temporaryFolder();
  const configuration = join(folder.path, 'rsyslog.conf');
  await writeFile(configuration, configurationOf(order, `bench-rsyslog-${process.pid}-${Date.now()}`));
  const words = ['-n', '-f', configuration, '-i', join(folder.path, 'pid')];
  const modules = ['-M', join(installed, libraries, 'rsyslog')];
  const child = spawn(join(installed, 'usr/sbin/rsyslogd'), [...words, ...modules], {
    stdio: 'ignore',
    env: { ...process.env, LD_LIBRARY_PATH: join(installed, libraries) },
  });
  const ended = once(child, 'exit');
  try {
    const died = ended.then(([code]) => Promise.reject(new Error(`rsyslog ended with code ${code}.`)));
    return await Promise.race([watch(child.pid ?? 0, order), died]);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
};

const watch = async (pid: number, { elasticsearch, index, documents }: CopyOrder): Promise<RunFigures> => {
  const deadlineMs = performance.now() + 120_000;
  let first: { readonly atMs: number; readonly count: number; readonly cpu: number } | undefined;
  for (;;) {
    const count = await indexed(elasticsearch, index);
    const atMs = performance.now();
    if (count > 0) first ??= { atMs, count, cpu: cpuSecondsOf(pid) ?? 0 };
    if (first !== undefined && count >= documents) {
      // Seconds for all, at the rate at which those after the first were seen.
      const share = documents / Math.max(1, count - first.count);
      return {
        seconds: ((atMs - first.atMs) / 1000) * share,
        cpuSeconds: ((cpuSecondsOf(pid) ?? 0) - first.cpu) * share,
        maxRssMb: peakRssMbOf(pid) ?? 0,
      };
    }
    if (atMs > deadlineMs) throw new Error(`rsyslog wrote ${count} of ${documents} documents.`);
    await sleep(pollMs);
  }
};

const indexed = async (url: string, index: string): Promise<number> => {
  const path = `/${index}/_stats/indexing?filter_path=_all.primaries.indexing.index_total`;
  const answer = await ask<{ _all: { primaries: { indexing: { index_total: number } } } }>(url, [
    'GET',
    path,
  ]);
  return answer._all.primaries.indexing.index_total;
};
