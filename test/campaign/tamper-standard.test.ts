import { test } from 'node:test';
import { assertHolds } from './campaign.ts';
import { tamperStandardCampaign } from './tamper-standard.ts';

test('whatever is changed in log, ledger or index of the Standard Edition is detected, and named', (t) =>
  assertHolds(t, tamperStandardCampaign));
