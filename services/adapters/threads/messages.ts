import type { SentError } from './sent-error.ts';

/** Objects living in the thread are numbered; 0 is the one it was started for. */
export type Request =
  | ({ readonly kind: 'call' | 'stream'; readonly id: number } & Invocation)
  | ({ readonly kind: 'object'; readonly id: number; readonly constants: readonly string[] } & Invocation)
  | { readonly kind: 'next' | 'return'; readonly id: number; readonly stream: number }
  | { readonly kind: 'dispose'; readonly id: number; readonly object: number };

export interface Invocation {
  readonly object: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: SentError };

/** The answer to a request whose result stays in the thread. */
export interface SentObject {
  readonly object: number;
  readonly constants: Readonly<Record<string, unknown>>;
}

/** What the thread is started with. */
export interface ThreadStart {
  readonly module: string;
  readonly open: string;
  readonly argument: unknown;
  readonly constants: readonly string[];
}
