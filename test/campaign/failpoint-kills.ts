import type { Scope } from '../../schemas/events/governance-event.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { systemRandom } from '../../services/adapters/system/random.ts';
import { changeScope } from '../../services/governance/change-scope.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.ts';
import { checkSite } from './kills/check-site.ts';
import { makeEnterpriseSite } from './kills/enterprise-site.ts';
import { type History, newHistory } from './kills/history.ts';
import { describeKill, failpoints, type Kill, planChain } from './kills/kill-plan.ts';
import { ServedProcess } from './kills/served-process.ts';
import type { Site } from './kills/site.ts';
import { makeStandardSite } from './kills/standard-site.ts';
import { largeBatch } from './kills/workload.ts';

/**
 * Chains of processes over one installation: each recovers from the death of the one before, is checked, takes events,
 * and is killed at the next failpoint. Each seed is a chain through every failpoint, in an order of its own.
 */
const killsOf = (edition: Kill['edition'], makeSite: () => Promise<Site>): Campaign => ({
  name: 'failpoint kills',
  edition,
  unit: 'kills',
  invariants: 'I1 I2 I3 I4 I8, scope, verify',
  counts: { test: 4 * failpoints.length, scoreboard: 8 * failpoints.length },
  run: async ({ seed, count, say }: CampaignOptions): Promise<CampaignResult> => {
    const violations: string[] = [];
    const chains = Math.ceil(count / failpoints.length);
    // A count that is no multiple is rounded up: a chain is not ended early.
    const whole = `${chains} of ${failpoints.length} kills each`;
    say?.(`chains: ${whole}`);
    let checks = 0;
    let attempted = 0;
    for (let chain = seed; chain < seed + chains; chain += 1) {
      await using site = await makeSite();
      const result = await runChain(site, chain);
      violations.push(...result.violations);
      checks += result.checks;
      attempted += result.kills;
      say?.(`seed ${chain}: ${result.kills} kills, ${violations.length} violated`);
    }
    return { attempted, violations, seen: { checks, chains: whole } };
  },
});

export const standardKillsCampaign = killsOf('standard', makeStandardSite);
export const enterpriseKillsCampaign = killsOf('enterprise', makeEnterpriseSite);

interface ChainResult {
  readonly kills: number;
  readonly violations: readonly string[];
  /** Recoveries that were looked at; a process that dies while it recovers leaves that to the next. */
  readonly checks: number;
}

const runChain = async (site: Site, seed: number): Promise<ChainResult> => {
  const kills = planChain(seed, site.edition);
  const last: Kill = { seed, link: kills.length, edition: site.edition, nth: 0, turns: 0 };
  const history = newHistory();
  const violations: string[] = [];
  let checks = 0;
  let done = 0;
  for (const kill of [...kills, last]) {
    // A scope set while events wait to be decided: what was put before the kill may now be refused.
    await setScope(site, history, kill);
    if (kill.point === 'index.put-in-part') await appendLarge(site, history, kill);
    await using served = new ServedProcess(site, kill, history);
    const needsFault = kill.point === 'archiver.backing-off';
    const trouble = await served.run(async () => {
      checks += 1;
      const faults = await checkSite(site, history);
      violations.push(...faults.map((fault) => `before ${describeKill(kill)}: ${fault}`));
      if (needsFault) await site.breakIndex();
    });
    if (trouble !== undefined) violations.push(`${describeKill(kill)}: ${trouble}`);
    if (needsFault) await site.mendIndex();
    if (kill.point !== undefined) done += 1;
    // What is wrong stays wrong: the rest of the chain would say it again.
    if (violations.length > 0) break;
  }
  return { kills: done, violations, checks };
};

const setScope = (site: Site, history: History, { link, seed }: Kill): Promise<void> =>
  site.withLog(async (log) => {
    const governance = new GovernanceView(log);
    const scope: Scope =
      (link + seed) % 2 === 0 ? { who: 'everyone' } : { who: 'users', users: ['ann', 'ben'] };
    const ports = { log, governance, clock: systemClock, random: systemRandom };
    const { governanceOffset } = await changeScope({ ...ports, installation: site.installation }, 'admin', {
      scope,
    });
    history.governanceEnd = governanceOffset;
  });

/** Found by the next process as one batch. */
const appendLarge = (site: Site, { sent, governanceEnd }: History, kill: Kill): Promise<void> =>
  site.withLog(async (log) => {
    const records = largeBatch(kill);
    const appended = await log.append('im', records);
    const positions = appended.map(({ position }) => position);
    sent.push({ lines: records.map(({ value }) => value), governanceEnd, positions });
  });
