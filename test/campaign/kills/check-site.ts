import { partitionsOf } from '../../../services/core/ledger/partitions-of.ts';
import { verifyArchive } from '../../../services/verifier/verify-archive.ts';
import { until } from '../../support/until.ts';
import { checkItems, checkOutcomes, checkScope, checkSums, readRanges } from './check-ledger.ts';
import { checkAudit, checkLog, readStream, scopesIn } from './check-log.ts';
import type { History } from './history.ts';
import type { Site, SitePorts } from './site.ts';

const longestViewMs = 10_000;

/** Everything that must hold when a process has recovered from the kill of another and waits. */
export const checkSite = async (site: Site, history: History): Promise<string[]> => {
  await using ports = await site.open();
  await untilSeen(ports);
  const records = await readStream(ports.log, 'im');
  const ranges = await readRanges(ports);
  const scopes = scopesIn(await readStream(ports.log, 'governance'));
  return [
    ...checkLog(records, history),
    ...checkAudit(await readStream(ports.log, 'audit'), history),
    ...(await checkSums(ports)),
    ...(await checkItems(ranges, await site.engineIds(), ports)),
    ...checkOutcomes(ranges),
    ...(await site.leftovers()).map((name) => `I7: ${name} was left behind`),
    ...checkScope(ranges, { records, scopes, history }),
    ...(await verify(site, ports)),
  ];
};

/** The checker's own view of the ledger may be a moment behind that of the process. */
const untilSeen = async ({ log, ledger }: SitePorts): Promise<void> => {
  const deadline = performance.now() + longestViewMs;
  for (const name of partitionsOf(log))
    await until(async () => {
      const [end, { size }] = await Promise.all([
        log.end(name.stream, name.partition),
        ledger.frontier(name),
      ]);
      return size === end || performance.now() > deadline;
    });
};

const verify = async (site: Site, ports: SitePorts): Promise<string[]> => {
  const { installation } = site;
  const steps = verifyArchive({ ...ports, publicKey: await site.publicKey(), installation });
  for await (const step of steps)
    if (step.kind === 'report') return step.report.differences.map(({ what }) => `verify: ${what}`);
  return ['verify gave no report'];
};
