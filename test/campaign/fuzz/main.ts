import { testSeed } from '../campaign.ts';
import { attemptInputs, fuzzCampaign } from '../fuzz.ts';

/** SEED=n COUNT=n attempts inputs from 0 on; NUMBER=n attempts the one that a violation named. */
const { SEED, COUNT, NUMBER } = process.env;
const seed = Number(SEED ?? testSeed);
const { attempted, violations, seen } =
  NUMBER === undefined
    ? await attemptInputs(seed, 0, Number(COUNT ?? fuzzCampaign.counts.test))
    : await attemptInputs(seed, Number(NUMBER), 1);
for (const violation of violations) process.stdout.write(`${violation}\n`);
process.stdout.write(
  `seed ${seed}: ${attempted} inputs attempted, ${violations.length} violated ${JSON.stringify(seen)}\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
