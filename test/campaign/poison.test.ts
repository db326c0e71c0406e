import { test } from 'node:test';
import { needsEngines } from '../support/engines.ts';
import { assertHolds } from './campaign.ts';
import { poisonEnterpriseCampaign, poisonStandardCampaign } from './poison.ts';

test('40 poisons at three positions stop and slow nothing: Standard Edition', (t) =>
  assertHolds(t, poisonStandardCampaign));

test('40 poisons at three positions stop and slow nothing: Enterprise Edition', { skip: needsEngines }, (t) =>
  assertHolds(t, poisonEnterpriseCampaign),
);
