import { test } from 'node:test';
import { assertHolds } from './campaign.ts';
import { standardKillsCampaign } from './failpoint-kills.ts';

test('the Standard Edition, killed at every failpoint, loses nothing and accounts for everything', (t) =>
  assertHolds(t, standardKillsCampaign));
