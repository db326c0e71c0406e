import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf } from '../simulator/plan.ts';
import { simulate } from '../simulator/simulate.ts';
import { assertHolds } from './campaign.ts';
import { simulationCampaign } from './simulation.ts';

test('a seed replays exactly', async () => {
  const [first, second] = [await simulate(planOf(7)), await simulate(planOf(7))];
  assert.deepEqual(second, first);
  assert.notEqual((await simulate(planOf(8))).digest, first.digest);
});

test('whatever fails, nothing is lost, doubled, reordered, found wrongly or brought back', (t) =>
  assertHolds(t, simulationCampaign));
