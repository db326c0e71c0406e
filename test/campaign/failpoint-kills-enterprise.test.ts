import { test } from 'node:test';
import { needsEngines } from '../support/engines.ts';
import { assertHolds } from './campaign.ts';
import { enterpriseKillsCampaign } from './failpoint-kills.ts';

test(
  'the Enterprise Edition, killed at every failpoint, loses nothing and accounts for everything',
  {
    skip: needsEngines,
  },
  (t) => assertHolds(t, enterpriseKillsCampaign),
);
