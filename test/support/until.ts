import { setImmediate as nextTurn } from 'node:timers/promises';

/** Waits on progress, one turn of the event loop at a time. */
export const until = async (isReached: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isReached())) await nextTurn();
};
