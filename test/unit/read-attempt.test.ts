import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAttempt } from '../support/read-attempt.ts';

test('attempts and violations are read in both wordings', () => {
  const read = { attempted: 1600, violated: 3 };
  assert.deepEqual(readAttempt('attempted 1600 with 12 refusals, violated 3'), read);
  assert.deepEqual(readAttempt('attempted 1600, violated 3: {"attempted":1600,"lost":3}'), read);
  assert.deepEqual(readAttempt('simulation (both): 1600 seeds attempted, 3 violated {"crashes":7}'), read);
});

test('what says nothing of attempts is none, and what says nothing of violations had none', () => {
  assert.equal(readAttempt('duration_ms 12'), undefined);
  assert.deepEqual(readAttempt('attempted 812 events, archived 812'), { attempted: 812, violated: 0 });
});
