import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { violationOf } from './kinds.ts';

export interface PureRange {
  readonly seed: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** The number under way, -1 before the first; beside it the most that one took of a processor, in ms. */
  readonly progress: Int32Array;
}

export type PureReport =
  | { readonly number: number; readonly fault: string }
  | { readonly grownBytes: number };

/** An input that takes more of a processor hangs; one that takes longer on the clock waits for ever. */
export const maxInputMs = 1000;
export const maxWaitMs = 20_000;
export const maxGrownBytes = 50 * 1024 * 1024;
const pollMs = 50;

interface Stretch {
  readonly violations: string[];
  /** What was under way when the thread hung or died; `to` when it came to the end. */
  readonly stoppedAt: number;
  readonly hung: boolean;
  /** The most that an input which came to its end took of a processor. */
  readonly slowestMs: number;
}

export interface PureResult {
  readonly violations: readonly string[];
  readonly slowestMs: number;
}

/** Runs the inputs that need no server in a thread of their own, which is ended where it hangs; then goes on behind. */
export const runPure = async (seed: number, from: number, to: number): Promise<PureResult> => {
  const violations: string[] = [];
  let slowestMs = 0;
  for (let next = from; next < to; ) {
    const stretch = await runStretch(seed, next, to);
    violations.push(...stretch.violations);
    slowestMs = Math.max(slowestMs, stretch.slowestMs);
    // The first of its kind compiles code: what hangs, hangs again.
    if (stretch.hung && (await runStretch(seed, stretch.stoppedAt, stretch.stoppedAt + 1)).hung)
      violations.push(
        violationOf(seed, stretch.stoppedAt, `hung: more than ${maxInputMs} ms of processor time`),
      );
    next = stretch.stoppedAt + (stretch.stoppedAt < to ? 1 : 0);
  }
  return { violations, slowestMs };
};

const runStretch = async (seed: number, from: number, to: number): Promise<Stretch> => {
  const progress = new Int32Array(new SharedArrayBuffer(8)).fill(-1, 0, 1);
  const workerData: PureRange = { seed, from, to, progress };
  const worker = new Worker(new URL('./pure-thread.ts', import.meta.url), { workerData });
  const violations: string[] = [];
  worker.on('message', (report: PureReport) => {
    if ('fault' in report) violations.push(violationOf(seed, report.number, report.fault));
    else if (report.grownBytes > maxGrownBytes)
      violations.push(`seed ${seed}: the thread of pure inputs grew by ${report.grownBytes} bytes`);
  });
  let isOver = false;
  let death: unknown;
  const exited = once(worker, 'exit').catch((error: unknown) => {
    death = error;
  });
  void exited.then(() => {
    isOver = true;
  });
  const hung = await watch(worker, { progress, to, isOver: () => isOver });
  if (hung) await worker.terminate();
  await exited;
  const [reached, slowestMs] = [Atomics.load(progress, 0), Atomics.load(progress, 1)];
  if (death !== undefined) {
    const number = Math.max(from, reached);
    violations.push(violationOf(seed, number, `ended its thread: ${String(death)}`));
    return { violations, stoppedAt: Math.min(number, to - 1), hung: false, slowestMs };
  }
  return { violations, stoppedAt: reached, hung, slowestMs };
};

interface Watched {
  readonly progress: Int32Array;
  readonly to: number;
  isOver(): boolean;
}

/** True once one input was under way for too long. */
const watch = async (worker: Worker, { progress, to, isOver }: Watched): Promise<boolean> => {
  let seen = -1;
  let sinceMs = performance.now();
  let usedMs = 0;
  while (!isOver()) {
    const number = Atomics.load(progress, 0);
    // What the thread has used tells a hang from a machine on which others work too.
    const used = await worker.cpuUsage().catch(() => ({ user: 0, system: 0 }));
    const nowUsedMs = (used.user + used.system) / 1000;
    if (number !== seen) [seen, sinceMs, usedMs] = [number, performance.now(), nowUsedMs];
    else if (seen >= 0 && seen < to) {
      if (nowUsedMs - usedMs > maxInputMs || performance.now() - sinceMs > maxWaitMs) return true;
    }
    await sleep(pollMs);
  }
  return false;
};
