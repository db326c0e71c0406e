import type { Schedule } from './schedule.ts';

/** What the load process is told; `stop` publishes what is due by then and waits for its acknowledgements. */
export type LoadOrder =
  | { readonly kind: 'publish'; readonly schedule: Schedule; readonly countFromMs: number }
  | { readonly kind: 'stop' };

export interface Latencies {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface LoadFigures {
  /** The first event that was not published. */
  readonly next: number;
  readonly acknowledged: number;
  /** Events appended once more, because it was unknown whether the log had them. */
  readonly repeated: number;
  /** From when each event was due until the log had acknowledged it. */
  readonly latencies: Latencies;
}

/** What it says. */
export type LoadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly acknowledged: number; readonly behindMs: number }
  | { readonly kind: 'stopped'; readonly figures: LoadFigures };
