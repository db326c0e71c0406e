import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { LoadAnswer, LoadFigures, LoadOrder } from './load-orders.ts';
import type { Schedule } from './schedule.ts';

export interface LoadProcess extends AsyncDisposable {
  readonly pid: number;
  /** As it told last. */
  readonly progress: { readonly acknowledged: number; readonly behindMs: number };
  /** Latencies of events that are due before `countFromMs` are not counted. */
  publish(schedule: Schedule, countFromMs: number): void;
  stop(): Promise<LoadFigures>;
}

/** The process that publishes into an installation; it ends with this one. */
export const startLoad = async (configuration: string): Promise<LoadProcess> => {
  const child = fork(new URL('./load-child.ts', import.meta.url), [configuration]);
  const exited = once(child, 'exit');
  const died = exited.then(([code]) =>
    Promise.reject(new Error(`The load process ended with code ${code}.`)),
  );
  died.catch(() => undefined);
  let progress = { acknowledged: 0, behindMs: 0 };
  const stopped: ((figures: LoadFigures) => void)[] = [];
  child.on('message', (answer: LoadAnswer) => {
    if (answer.kind === 'progress') progress = answer;
    if (answer.kind === 'stopped') stopped.shift()?.(answer.figures);
  });
  const order = (what: LoadOrder): void => void child.send(what);
  await Promise.race([once(child, 'message'), died]);
  return {
    pid: child.pid ?? 0,
    get progress() {
      return progress;
    },
    publish: (schedule, countFromMs) => order({ kind: 'publish', schedule, countFromMs }),
    stop: () => {
      const { promise, resolve } = Promise.withResolvers<LoadFigures>();
      stopped.push(resolve);
      order({ kind: 'stop' });
      return Promise.race([promise, died]);
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
};
