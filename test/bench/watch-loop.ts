import { threadCpuMs } from '../support/thread-cpu.ts';
import { percentileOf } from './statistics.ts';

/** How long this thread's event loop was not free at a time, in milliseconds. */
export interface LoopFigures {
  /** By the clock: also while the machine ran other threads or processes. */
  readonly waitedP99Ms: number;
  readonly waitedMaxMs: number;
  /** By this thread's own processor time: what its own work held it up. */
  readonly heldP99Ms: number;
  readonly heldMaxMs: number;
}

const intervalMs = 1;

/** Watches from now on; the function returned ends it. */
export const watchLoop = (): (() => LoopFigures) => {
  const waited: number[] = [];
  const held: number[] = [];
  let wallMs = performance.now();
  let cpuMs = threadCpuMs();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const nowCpuMs = threadCpuMs();
    waited.push(Math.max(0, nowMs - wallMs - intervalMs));
    held.push(nowCpuMs - cpuMs);
    wallMs = nowMs;
    cpuMs = nowCpuMs;
  }, intervalMs);
  return () => {
    clearInterval(timer);
    waited.sort((a, b) => a - b);
    held.sort((a, b) => a - b);
    return {
      waitedP99Ms: percentileOf(waited, 99),
      waitedMaxMs: waited.at(-1) ?? 0,
      heldP99Ms: percentileOf(held, 99),
      heldMaxMs: held.at(-1) ?? 0,
    };
  };
};
