import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { percentileOf } from '../bench/statistics.ts';
import { monotonicMs } from './schedule.ts';
import type { SoakInstallation } from './soak-installation.ts';
import type { StretchFigures } from './stretch.ts';

export interface LagPlan {
  readonly countFromMs: number;
  readonly endMs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Asks once a second how many events wait for the archiver, and says how it goes. */
export const watchLag = async (
  { url, load }: SoakInstallation,
  { countFromMs, endMs, signal, say }: LagPlan,
): Promise<StretchFigures['lagEvents']> => {
  const lags: number[] = [];
  let last = 0;
  while (!signal.aborted) {
    const lag = await pendingEvents(url);
    if (lag !== undefined) {
      last = lag;
      if (monotonicMs() >= countFromMs) lags.push(lag);
    }
    const { acknowledged, behindMs } = load.progress;
    const seconds = Math.max(0, (endMs - monotonicMs()) / 1000).toFixed(0);
    say(
      `${seconds} s to go: ${acknowledged} events acknowledged${behindMs > 1000 ? `, ${(behindMs / 1000).toFixed(1)} s late` : ''}, ${lag ?? 'unknown how many'} wait for the archiver, load ${loadavg()[0]?.toFixed(1)}`,
    );
    await delay(1000, undefined, { signal }).catch(() => undefined);
  }
  const sorted = lags.toSorted((a, b) => a - b);
  return {
    p50: percentileOf(sorted, 50),
    p95: percentileOf(sorted, 95),
    max: sorted.at(-1) ?? 0,
    last,
    everyTenth: lags.filter((_, at) => at % 10 === 0),
  };
};

/** What a search API says on /metrics; undefined while it cannot tell. */
export const pendingEvents = async (url: string): Promise<number | undefined> => {
  try {
    const text = await (await fetch(`${url}/metrics`)).text();
    const found = [...text.matchAll(/^holdfast_pending_events\{[^}]*\} (\d+)$/gm)];
    return found.length === 0 ? undefined : found.reduce((sum, [, value]) => sum + Number(value), 0);
  } catch {
    return undefined;
  }
};
