import { test } from 'node:test';
import { needsStrace } from '../support/strace.ts';
import { assertHolds } from './campaign.ts';
import { diskFaultsCampaign } from './disk-faults.ts';

test(
  'whatever call to the disk fails, the SQLite adapters lose nothing they acknowledged and go on',
  {
    skip: needsStrace,
  },
  (t) => assertHolds(t, diskFaultsCampaign),
);
