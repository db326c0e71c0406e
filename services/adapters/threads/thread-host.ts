import { Worker } from 'node:worker_threads';
import { type ErrorCode, HoldfastError } from '../../core/errors.ts';
import type { Reply, Request, ThreadStart } from './messages.ts';
import { fromSentError } from './sent-error.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

type Unnumbered<R> = R extends unknown ? Omit<R, 'id'> : never;

/**
 * Batches are short-lived and bounded, so a thread needs little; without limits V8 lets every thread's heap grow
 * with the machine's memory before it collects.
 */
const heapLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

/** Owns one worker thread and the calls that wait for it. When the thread dies, every call of it fails at once. */
export class ThreadHost implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #name: string;
  readonly #fault: ErrorCode;
  readonly #exited: Promise<unknown>;
  #lastId = 0;
  #gone: Error | undefined;
  #disposal: Promise<void> | undefined;
  /** The answer of the thread's start: what id 0 replies. */
  readonly started: Promise<unknown>;

  constructor(start: ThreadStart, options: { readonly name: string; readonly fault: ErrorCode }) {
    this.#name = options.name;
    this.#fault = options.fault;
    this.started = this.#expect(0);
    this.#worker = new Worker(new URL('./thread-main.ts', import.meta.url), {
      workerData: start,
      name: options.name,
      resourceLimits: heapLimits,
    });
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('messageerror', (error) => this.#fail('sent what cannot be read', error));
    this.#worker.on('error', (error) => this.#fail('crashed', error));
    this.#worker.on('exit', (code) => this.#fail(`ended with code ${code}`));
    this.#exited = new Promise((resolve) => this.#worker.once('exit', resolve));
  }

  async request(request: Unnumbered<Request>, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.#gone) throw this.#gone;
    if (this.#disposal) throw this.#unavailable('is closed');
    return this.#send(request, transfer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    try {
      if (!this.#gone) await this.#send({ kind: 'dispose', object: 0 }, []);
    } finally {
      this.#fail('is closed');
      await this.#worker.terminate();
      await this.#exited;
    }
  }

  #send(request: Unnumbered<Request>, transfer: readonly ArrayBuffer[]): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = this.#expect(id);
    try {
      this.#worker.postMessage({ ...request, id }, transfer);
    } catch (error) {
      this.#waiting.delete(id);
      throw error;
    }
    return answer;
  }

  #expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(fromSentError(reply.error));
    else waiting?.resolve(reply.value);
  }

  #fail(what: string, cause?: unknown): void {
    this.#gone ??= this.#unavailable(what, cause);
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }

  #unavailable(what: string, cause?: unknown): HoldfastError {
    return new HoldfastError(this.#fault, { detail: `The thread "${this.#name}" ${what}.` }, { cause });
  }
}
