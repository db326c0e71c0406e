import { test } from 'node:test';
import { needsEngines } from '../support/engines.ts';
import { assertHolds } from './campaign.ts';
import { tamperEnterpriseCampaign } from './tamper-enterprise.ts';

test(
  'whatever is changed in topics or documents of the Enterprise Edition is detected, and named',
  {
    skip: needsEngines,
  },
  (t) => assertHolds(t, tamperEnterpriseCampaign),
);
