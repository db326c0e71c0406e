import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type RunningEngine, readRunning, runningPath, runs } from './running-engines.ts';

const stopWithinMs = 20_000;

/** An orderly stop, then a kill. False if it did not run any more. */
const stop = async (engine: RunningEngine): Promise<boolean> => {
  if (!runs(engine)) return false;
  const { pid } = engine;
  process.kill(-pid, 'SIGTERM');
  process.kill(-pid, 'SIGCONT');
  const deadlineMs = performance.now() + stopWithinMs;
  while (isAlive(-pid) && performance.now() < deadlineMs) await delay(50);
  if (isAlive(-pid)) process.kill(-pid, 'SIGKILL');
  return true;
};

/** Stops what `make engines-up` started; its data stays. Says how many engines ran. */
export const stopRunning = async (): Promise<number> => {
  const running = readRunning();
  if (running === undefined) return 0;
  const stopped = await Promise.all([stop(running.kafka), stop(running.elasticsearch)]);
  await rm(runningPath, { force: true });
  return stopped.filter(Boolean).length;
};
