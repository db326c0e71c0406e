import type { Failpoint } from '../../services/core/failpoint.ts';

// Loaded in the place of services/core/failpoint.ts; see arm-failpoint.ts.
const [wanted, nth = '1', turns = '0'] = (process.env.HOLDFAST_FAILPOINT ?? '').split(':');
let passes = 0;

export const failpoint = (name: Failpoint, applies = true): void => {
  if (name !== wanted || !applies) return;
  passes += 1;
  if (passes === Number(nth)) dieAfter(Number(turns));
};

const dieAfter = (turnsLeft: number): void => {
  if (turnsLeft === 0) process.kill(process.pid, 'SIGKILL');
  setImmediate(dieAfter, turnsLeft - 1);
};
