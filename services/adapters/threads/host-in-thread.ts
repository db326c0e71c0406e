import type { ErrorCode } from '../../core/errors.ts';
import type { Invocation, SentObject } from './messages.ts';
import { constantsOf, type LooseMember, type LooseShape, type Shape } from './shape.ts';
import { ThreadHost } from './thread-host.ts';
import { transfersOf } from './transfers.ts';

export interface HostedOptions<T, A> {
  /** The module to load in the thread, and the name of its export `(argument: A) => T | Promise<T>`. */
  readonly module: URL;
  readonly open: string;
  /** Must survive structured clone, as must all arguments and results. */
  readonly argument: A;
  readonly shape: Shape<T>;
  /** For error messages and thread lists. */
  readonly name: string;
  /** The code calls fail with when the thread is gone. */
  readonly fault: ErrorCode;
}

/**
 * Opens `T` in a worker thread of its own and gives the same interface here. Errors arrive with their code and
 * details; results that are `AsyncDisposable` stay in the thread and are spoken to from here; streams are pulled
 * one value at a time. Calls are started in the order made. Disposing closes `T`, then ends the thread.
 */
export const hostInThread = async <T extends AsyncDisposable, A>(
  options: HostedOptions<T, A>,
): Promise<T> => {
  const shape: LooseShape = options.shape;
  const start = {
    module: options.module.href,
    open: options.open,
    argument: options.argument,
    constants: constantsOf(shape),
  };
  const host = new ThreadHost(start, options);
  try {
    const sent = (await host.started) as SentObject;
    return remoteObject<T>(host, shape, sent, () => host[Symbol.asyncDispose]());
  } catch (error) {
    await host[Symbol.asyncDispose]().catch(() => undefined);
    throw error;
  }
};

const remoteObject = <T>(
  host: ThreadHost,
  shape: LooseShape,
  sent: SentObject,
  dispose: () => Promise<unknown>,
): T => {
  const members = Object.entries(shape).map(([name, member]) => [
    name,
    member === 'constant' ? sent.constants[name] : remoteMember(host, sent.object, { name, member }),
  ]);
  return Object.assign(Object.fromEntries(members), { [Symbol.asyncDispose]: dispose }) as T;
};

const remoteMember = (
  host: ThreadHost,
  object: number,
  { name, member }: { name: string; member: LooseMember },
) => {
  const target = { object, method: name };
  if (member === 'stream') return (...args: unknown[]) => pull(host, { ...target, args });
  if (typeof member === 'string') {
    return (...args: unknown[]) => host.request({ kind: 'call', ...target, args }, transfersOf(args[0]));
  }
  const constants = constantsOf(member.object);
  return async (...args: unknown[]) => {
    const sent = (await host.request({ kind: 'object', ...target, args, constants })) as SentObject;
    const dispose = () => host.request({ kind: 'dispose', object: sent.object });
    return remoteObject<unknown>(host, member.object, sent, dispose);
  };
};

/** One value is fetched for each value asked; leaving the loop early ends the iterator in the thread too. */
async function* pull(host: ThreadHost, call: Invocation): AsyncGenerator<unknown, void, void> {
  const stream = (await host.request({ kind: 'stream', ...call })) as number;
  let ended = false;
  try {
    for (;;) {
      const result = (await host.request({ kind: 'next', stream })) as IteratorResult<unknown>;
      ended = result.done === true;
      if (ended) return;
      yield result.value;
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) await host.request({ kind: 'return', stream });
  }
}
