import type { Campaign } from './campaign.ts';

/** Every campaign, in the order of the scoreboard. */
export const campaigns: readonly Campaign[] = [];
