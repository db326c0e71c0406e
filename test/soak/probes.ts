import { setTimeout as delay } from 'node:timers/promises';
import { dueMs, monotonicMs, type Schedule } from './schedule.ts';
import type { Searcher } from './searches.ts';
import { isProbe, probeOf, probeQuery } from './soak-events.ts';

/** Between an answer and the next search: what is found was findable at most about so much earlier. */
const pauseMs = 200;
/** Looked for with one search. */
const maxTogether = 40;

export interface ProbePlan {
  readonly schedule: Schedule;
  readonly countFromMs: number;
  /** Probes due from then on are not looked for. */
  readonly endMs: number;
  /** How long after `endMs` what is missing is looked for. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

export interface ProbeResults {
  /** From when a probe was due until a search found it; of those never found, until it was given up. */
  readonly latenciesMs: readonly number[];
  readonly unseen: number;
}

/** Looks for marked events through the search API from when each is due, until all were found. */
export const lookForProbes = async (searcher: Searcher, plan: ProbePlan): Promise<ProbeResults> => {
  const latenciesMs: number[] = [];
  const waiting = new Map<number, number>();
  const found = (event: number, nowMs: number): void => {
    const due = waiting.get(event);
    if (due !== undefined && due >= plan.countFromMs) latenciesMs.push(nowMs - due);
    waiting.delete(event);
  };
  const probes = probesOf(plan);
  let next = probes.next();
  while (!plan.signal.aborted) {
    const nowMs = monotonicMs();
    for (; !next.done && next.value.due <= nowMs; next = probes.next())
      waiting.set(next.value.event, next.value.due);
    if (waiting.size > 0)
      for (const event of await look(searcher, [...waiting.keys()])) found(event, monotonicMs());
    else if (next.done) break;
    if (nowMs > plan.endMs + plan.patienceMs) break;
    await delay(pauseMs);
  }
  const unseen = waiting.size;
  for (const event of [...waiting.keys()]) found(event, monotonicMs());
  return { latenciesMs, unseen };
};

function* probesOf({ schedule, endMs }: ProbePlan): Generator<{ event: number; due: number }, undefined> {
  for (let event = schedule.first; dueMs(schedule, event) < endMs; event++)
    if (isProbe(event, schedule.perSecond)) yield { event, due: dueMs(schedule, event) };
  return undefined;
}

/** A search that fails finds nothing: the wait goes on, and counts. */
const look = async (searcher: Searcher, waiting: readonly number[]): Promise<number[]> => {
  const asked = waiting.slice(0, maxTogether);
  try {
    const { hits } = await searcher.search(probeQuery(asked), asked.length);
    return hits.flatMap(({ item }) => probeOf(item.versions[0]?.body ?? '') ?? []);
  } catch {
    return [];
  }
};
