import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import { post } from '../bench/served-folder.ts';
import { monotonicMs } from './schedule.ts';

/** Of every kind that people ask, in turn. */
export const soakQueries = [
  'the',
  '"does anyone know"',
  'sudo apt-get NEAR(5) install',
  'upgrad*',
  '什麼',
  '오늘',
  'participants:p26@contoso.com',
  'conversation:conversation-0 ubuntu',
  'from:p14 kernel',
  'edited:true linux',
  'date:today mplayer',
  '(video OR audio) -windows',
] as const;

/** Speaks to a search API as a program does, over connections that stay. */
export class Searcher implements Disposable {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string) {
    this.#url = `${url}/api/v1/search`;
  }

  async search(query: string, limit = 20): Promise<SearchAnswer> {
    const body = JSON.stringify({ query, limit, timeZone: 'UTC' });
    const ask = () => post(this.#url, { agent: this.#agent, body });
    return JSON.parse(await ask().catch((error) => (isStale(error) ? ask() : Promise.reject(error))));
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

/** The server had closed an idle connection while the request was on its way. */
const isStale = (error: unknown): boolean => (error as { code?: unknown }).code === 'ECONNRESET';

export interface SearchPlan {
  readonly perSecond: number;
  readonly startMs: number;
  /** Searches that are due before are made and not counted. */
  readonly countFromMs: number;
  readonly signal: AbortSignal;
}

export interface SearchResults {
  readonly asked: number;
  readonly latenciesMs: readonly number[];
  readonly failures: readonly string[];
}

/** Searches on time, whether the ones before were answered or not, until the signal. */
export const searchOnTime = async (searcher: Searcher, plan: SearchPlan): Promise<SearchResults> => {
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  const running = new Set<Promise<void>>();
  let number = 0;
  for (; ; number++) {
    const due = plan.startMs + (number * 1000) / plan.perSecond;
    await delay(Math.max(0, due - monotonicMs()), undefined, { signal: plan.signal }).catch(() => undefined);
    if (plan.signal.aborted) break;
    const query = soakQueries[number % soakQueries.length]!;
    const search = searcher
      .search(query)
      .then(() => {
        if (due >= plan.countFromMs) latenciesMs.push(monotonicMs() - due);
      })
      .catch((error: unknown) => void failures.push(`${query}: ${error}`))
      .finally(() => running.delete(search));
    running.add(search);
  }
  await Promise.all(running);
  return { asked: number, latenciesMs, failures };
};
