import type { Campaign } from './campaign.ts';
import { diskFaultsCampaign } from './disk-faults.ts';
import { enterpriseKillsCampaign, standardKillsCampaign } from './failpoint-kills.ts';
import { fuzzCampaign } from './fuzz.ts';
import { poisonEnterpriseCampaign, poisonStandardCampaign } from './poison.ts';

/** Every campaign, in the order of the scoreboard. */
export const campaigns: readonly Campaign[] = [
  standardKillsCampaign,
  enterpriseKillsCampaign,
  diskFaultsCampaign,
  fuzzCampaign,
  poisonStandardCampaign,
  poisonEnterpriseCampaign,
];
