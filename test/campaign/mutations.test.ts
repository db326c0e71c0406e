import { test } from 'node:test';
import { assertHolds } from './campaign.ts';
import { mutationsCampaign } from './mutations.ts';

test('the simulator finds every deliberate bug', (t) => assertHolds(t, mutationsCampaign));
