import type { Campaign } from './campaign.ts';
import { diskFaultsCampaign } from './disk-faults.ts';
import { enterpriseKillsCampaign, standardKillsCampaign } from './failpoint-kills.ts';
import { fuzzCampaign } from './fuzz.ts';
import { mutationsCampaign } from './mutations.ts';
import { poisonEnterpriseCampaign, poisonStandardCampaign } from './poison.ts';
import { simulationCampaign } from './simulation.ts';
import { tamperEnterpriseCampaign } from './tamper-enterprise.ts';
import { tamperStandardCampaign } from './tamper-standard.ts';

/** Every campaign, in the order of the scoreboard. */
export const campaigns: readonly Campaign[] = [
  simulationCampaign,
  mutationsCampaign,
  standardKillsCampaign,
  enterpriseKillsCampaign,
  diskFaultsCampaign,
  fuzzCampaign,
  poisonStandardCampaign,
  poisonEnterpriseCampaign,
  tamperStandardCampaign,
  tamperEnterpriseCampaign,
];
