import { join } from 'node:path';
import { makeEnterprise } from '../support/enterprise-installation.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.ts';
import { openPoisonedEnterprise, openPoisonedStandard } from './poison/open-poisoned.ts';
import type { PoisonedEdition } from './poison/poisoned-edition.ts';
import { kafkaPoisons, type Poison, poisons } from './poison/poisons.ts';
import { redriveAfterUpgrade } from './poison/redrive-after-upgrade.ts';
import { runPoisoned } from './poison/run-poisoned.ts';

const common = {
  name: 'poison',
  unit: 'poisons',
  invariants:
    'each ends quarantined with its reason, or archived where it is legal; nothing behind it waits, its partition keeps half its pace, trying again archives what an upgrade can read and harms nothing',
  counts: { test: 170, scoreboard: 500 },
};

/** Read by an upgrade, of the poisons attempted. */
const redriven = 20;

const attempt = async (
  { seed, count }: CampaignOptions,
  list: readonly Poison[],
  open: { edition(): Promise<PoisonedEdition>; installation: string },
): Promise<CampaignResult> => {
  const upgrade = await redriveAfterUpgrade(open.installation, redriven);
  await using edition = await open.edition();
  const { attempted, violations, seen } = await runPoisoned(edition, list, { seed, count: count - redriven });
  return { attempted: attempted + redriven, violations: [...upgrade, ...violations], seen };
};

export const poisonStandardCampaign: Campaign = {
  ...common,
  edition: 'standard',
  run: async (options) => {
    await using folder = await temporaryFolder();
    const installation = join(folder.path, 'data');
    return await attempt(options, poisons, { edition: openPoisonedStandard, installation });
  },
};

export const poisonEnterpriseCampaign: Campaign = {
  ...common,
  edition: 'enterprise',
  run: async (options) => {
    await using made = await makeEnterprise();
    const all = [...poisons, ...kafkaPoisons];
    return await attempt(options, all, { edition: openPoisonedEnterprise, installation: made.path });
  },
};
