import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { RunFigures } from './run-figures.ts';
import type { Told } from './serve-runs.ts';

/** What is measured, in a process of its own that stays between runs: memory and CPU time are those of it alone. */
export interface Subject<Order> extends AsyncDisposable {
  run(order: Order): Promise<RunFigures>;
}

export const startSubject = async <Order extends object>(
  script: URL,
  nodeOptions: readonly string[],
): Promise<Subject<Order>> => {
  const child = fork(script, { execArgv: [...nodeOptions] });
  const exited = once(child, 'exit');
  const next = () => nextFrom(child, exited);
  await next();
  return {
    run: async (order) => {
      child.send(order);
      const told = await next();
      if (told.kind === 'done') return told.figures;
      throw new Error(told.kind === 'failed' ? told.reason : 'The child said nothing of use.');
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
};

const nextFrom = async (child: ChildProcess, exited: Promise<unknown[]>): Promise<Told> => {
  const [told] = await Promise.race([
    once(child, 'message') as Promise<[Told]>,
    exited.then(([code]) => Promise.reject(new Error(`A measured process ended with code ${code}.`))),
  ]);
  return told;
};
