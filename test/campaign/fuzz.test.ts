import { test } from 'node:test';
import { assertHolds } from './campaign.ts';
import { fuzzCampaign } from './fuzz.ts';

test('no input of 20,000 crashes, hangs, grows or is lost', (t) => assertHolds(t, fuzzCampaign));
