import { inspect } from 'node:util';
import type { CampaignResult } from './campaign.ts';
import { campaigns } from './campaigns.ts';

/** What the process of a campaign says to the scoreboard. */
export type CampaignAnswer =
  | { readonly kind: 'say'; readonly line: string }
  | { readonly kind: 'result'; readonly result: CampaignResult }
  | { readonly kind: 'crash'; readonly reason: string };

/** One campaign in a process of its own, so that a crash is its own; it ends with the one that started it. */
const [name, edition, seed, count] = process.argv.slice(2);
const tell = (answer: CampaignAnswer): void => void process.send?.(answer);
process.on('disconnect', () => process.exit(1));
process.on('uncaughtException', (error) => tell({ kind: 'crash', reason: inspect(error) }));

const campaign = campaigns.find((one) => one.name === name && one.edition === edition);
if (campaign === undefined) throw new Error(`There is no campaign ${name} of ${edition}.`);
const say = (line: string): void => tell({ kind: 'say', line });
const result = await campaign.run({ seed: Number(seed), count: Number(count), say });
tell({ kind: 'result', result });
