import { realpathSync } from 'node:fs';

type Listener = (slots: readonly number[]) => void;

/**
 * Tells followers in all threads of this process which partitions of a log file grew. Another process cannot have the
 * file: the data folder is locked.
 */
export class LogGrowth {
  readonly #name: string;
  #announcer: BroadcastChannel | undefined;
  #listening: BroadcastChannel | undefined;
  readonly #listeners = new Set<Listener>();

  constructor(path: string) {
    this.#name = `holdfast-log:${realpathSync(path)}`;
  }

  announce(slots: readonly number[]): void {
    this.#announcer ??= new BroadcastChannel(this.#name);
    this.#announcer.postMessage(slots);
  }

  /** From now on, also what is announced before the call's turn of the event loop ends. */
  listen(listener: Listener): Disposable {
    this.#listeners.add(listener);
    this.#listening ??= this.#open();
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.#stopListening();
      },
    };
  }

  close(): void {
    this.#announcer?.close();
    this.#announcer = undefined;
    this.#stopListening();
  }

  #open(): BroadcastChannel {
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = (message) => {
      for (const listener of this.#listeners) listener(message.data as readonly number[]);
    };
    return channel;
  }

  #stopListening(): void {
    this.#listening?.close();
    this.#listening = undefined;
  }
}
