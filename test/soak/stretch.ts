import { percentileOf } from '../bench/statistics.ts';
import { watchLag } from './lag.ts';
import type { Latencies, LoadFigures } from './load-orders.ts';
import { lookForProbes } from './probes.ts';
import { type ProcessFigures, ProcessSampler } from './process-samples.ts';
import { monotonicMs, type Schedule } from './schedule.ts';
import { searchOnTime } from './searches.ts';
import type { SoakInstallation } from './soak-installation.ts';

export interface StretchPlan {
  readonly perSecond: number;
  readonly warmUpSeconds: number;
  /** What is counted. */
  readonly seconds: number;
  /** How long events are looked for after the last one was due. */
  readonly patienceSeconds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What one stretch of load came to. */
export interface StretchFigures {
  readonly perSecond: number;
  readonly seconds: number;
  readonly published: number;
  /** Publish, as due, to acknowledged by the log. */
  readonly acknowledged: Latencies;
  /** Publish, as due, to found by a search. */
  readonly searchable: Latencies & { readonly unseen: number };
  readonly searches: Latencies & { readonly perSecond: number; readonly asked: number };
  /** Events logged and without an outcome, once a second. */
  readonly lagEvents: {
    readonly p50: number;
    readonly p95: number;
    readonly max: number;
    readonly last: number;
    /** Of those counted, in order: one in ten seconds. */
    readonly everyTenth: readonly number[];
  };
  readonly processes: readonly ProcessFigures[];
  readonly failedSearches: readonly string[];
}

const searchesPerSecond = 5;
/** So that every process is at it when the first event is due. */
const leadMs = 300;

export const latenciesOf = (valuesMs: readonly number[]): Latencies => {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    p50Ms: percentileOf(sorted, 50),
    p95Ms: percentileOf(sorted, 95),
    p99Ms: percentileOf(sorted, 99),
    maxMs: sorted.at(-1) ?? 0,
  };
};

/** Publishes and searches for a while at fixed rates, and measures; ends early, with what there is, when aborted. */
export const runStretch = async (
  installation: SoakInstallation,
  plan: StretchPlan,
): Promise<StretchFigures> => {
  const { load, searcher } = installation;
  const startMs = monotonicMs() + leadMs;
  const schedule: Schedule = { first: installation.nextEvent, startMs, perSecond: plan.perSecond };
  const countFromMs = startMs + plan.warmUpSeconds * 1000;
  const endMs = countFromMs + plan.seconds * 1000;
  using stopping = stopAt(endMs, plan.signal);
  const { signal } = stopping;
  load.publish(schedule, countFromMs);
  const measured = measureFrom(countFromMs, installation, signal);
  const [searches, probes, lag, published] = await Promise.all([
    searchOnTime(searcher, { perSecond: searchesPerSecond, startMs, countFromMs, signal }),
    lookForProbes(searcher, {
      schedule,
      countFromMs,
      endMs,
      patienceMs: plan.patienceSeconds * 1000,
      signal: plan.signal,
    }),
    watchLag(installation, { countFromMs, endMs, signal, say: plan.say }),
    stoppedLoad(installation, signal),
  ]);
  return {
    perSecond: plan.perSecond,
    seconds: plan.seconds,
    published: published.next - schedule.first,
    acknowledged: published.latencies,
    searchable: { ...latenciesOf(probes.latenciesMs), unseen: probes.unseen },
    searches: { ...latenciesOf(searches.latenciesMs), perSecond: searchesPerSecond, asked: searches.asked },
    lagEvents: lag,
    processes: await measured,
    failedSearches: plan.signal.aborted ? [] : searches.failures,
  };
};

/** Aborted at that time, or with the signal. */
const stopAt = (endMs: number, signal: AbortSignal): Disposable & { readonly signal: AbortSignal } => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), endMs - monotonicMs());
  return {
    signal: AbortSignal.any([controller.signal, signal]),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const stoppedLoad = async (installation: SoakInstallation, signal: AbortSignal): Promise<LoadFigures> => {
  await aborted(signal);
  const figures = await installation.load.stop();
  installation.nextEvent = figures.next;
  installation.repeated += figures.repeated;
  return figures;
};

const measureFrom = async (
  fromMs: number,
  { watched }: SoakInstallation,
  signal: AbortSignal,
): Promise<ProcessFigures[]> => {
  const { promise, resolve } = Promise.withResolvers<ProcessSampler | undefined>();
  const timer = setTimeout(() => resolve(new ProcessSampler(watched)), Math.max(0, fromMs - monotonicMs()));
  void aborted(signal).then(() => resolve(undefined));
  const sampler = await promise;
  clearTimeout(timer);
  await aborted(signal);
  return sampler?.stop() ?? [];
};
