import type { Invocation, Reply, Request, SentObject, ThreadStart } from './messages.ts';
import { toSentError } from './sent-error.ts';
import { transfersOf } from './transfers.ts';

type Post = (reply: Reply, transfer: readonly ArrayBuffer[]) => void;
type Method = (...args: readonly unknown[]) => unknown;

/** The thread's side: keeps the objects and iterators that live here and answers requests about them. */
export class ThreadServer {
  readonly #post: Post;
  readonly #objects = new Map<number, object>();
  readonly #streams = new Map<number, AsyncIterator<unknown>>();
  #lastNumber = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  async start(start: ThreadStart): Promise<void> {
    await this.#reply(0, async () => {
      const module = (await import(start.module)) as Record<string, unknown>;
      const root = await methodOf(module, start.open)(start.argument);
      return this.#keep(root as object, 0, start.constants);
    });
  }

  async answer(request: Request): Promise<void> {
    await this.#reply(request.id, () => this.#perform(request));
  }

  #perform(request: Request): unknown {
    switch (request.kind) {
      case 'call':
        return this.#invoke(request);
      case 'object':
        return this.#open(request, request.constants);
      case 'stream':
        return this.#stream(request);
      case 'next':
        return this.#next(request.stream);
      case 'return':
        return this.#return(request.stream);
      case 'dispose':
        return this.#dispose(request.object);
    }
  }

  #invoke({ object, method, args }: Invocation): unknown {
    const target = this.#objects.get(object);
    if (!target) throw new Error(`Object ${object} of this thread was disposed.`);
    return methodOf(target, method)(...args);
  }

  async #open(invocation: Invocation, constants: readonly string[]): Promise<SentObject> {
    const object = await this.#invoke(invocation);
    this.#lastNumber += 1;
    return this.#keep(object as object, this.#lastNumber, constants);
  }

  #keep(object: object, number: number, names: readonly string[]): SentObject {
    this.#objects.set(number, object);
    const constants = names.map((name) => [name, (object as Record<string, unknown>)[name]]);
    return { object: number, constants: Object.fromEntries(constants) };
  }

  #stream(invocation: Invocation): number {
    const iterable = this.#invoke(invocation) as AsyncIterable<unknown>;
    this.#lastNumber += 1;
    this.#streams.set(this.#lastNumber, iterable[Symbol.asyncIterator]());
    return this.#lastNumber;
  }

  async #next(stream: number): Promise<IteratorResult<unknown>> {
    let ended = true;
    try {
      const result = await this.#streams.get(stream)?.next();
      ended = result?.done !== false;
      return result ?? { done: true, value: undefined };
    } finally {
      if (ended) this.#streams.delete(stream);
    }
  }

  async #return(stream: number): Promise<void> {
    const iterator = this.#streams.get(stream);
    this.#streams.delete(stream);
    await iterator?.return?.();
  }

  async #dispose(number: number): Promise<void> {
    const object = this.#objects.get(number);
    this.#objects.delete(number);
    if (object && isDisposable(object)) await object[Symbol.asyncDispose]();
  }

  async #reply(id: number, perform: () => unknown): Promise<void> {
    try {
      const value = await perform();
      this.#post({ id, value }, transfersOf(value));
    } catch (error) {
      this.#post({ id, error: toSentError(error) }, []);
    }
  }
}

const methodOf = (object: object, name: string): Method => {
  const method = (object as Record<string, unknown>)[name];
  if (typeof method !== 'function') throw new TypeError(`"${name}" is not a function in this thread.`);
  return method.bind(object);
};

const isDisposable = (value: unknown): value is AsyncDisposable & object =>
  typeof value === 'object' && value !== null && Symbol.asyncDispose in value;
