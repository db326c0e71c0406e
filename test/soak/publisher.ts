import { createHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { isHoldfastError } from '../../services/core/errors.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import type { LoadFigures } from './load-orders.ts';
import { dueBy, dueMs, monotonicMs, type Schedule } from './schedule.ts';
import type { SoakEvents } from './soak-events.ts';

/** Often enough that an event waits little, seldom enough that appends hold dozens. */
const tickMs = 20;
const maxAppend = 500;
/** Beyond it publishing waits: memory is bounded, and what waits counts as late. */
const maxInFlight = 20_000;
const repeatAfterMs = 100;

/** Publishes what is due, acknowledged or not, and appends again until it is acknowledged. */
export class Publisher {
  readonly #log: EventLog;
  readonly #events: SoakEvents;
  readonly #schedule: Schedule;
  readonly #countFromMs: number;
  /** Microseconds, so that what takes less than one millisecond is told apart. */
  readonly #latencies = createHistogram();
  readonly #appends = new Set<Promise<void>>();
  #next: number;
  #inFlight = 0;
  #acknowledged = 0;
  #repeated = 0;
  #isStopped = false;
  readonly #running: Promise<void>;

  constructor(log: EventLog, events: SoakEvents, plan: { schedule: Schedule; countFromMs: number }) {
    this.#log = log;
    this.#events = events;
    this.#schedule = plan.schedule;
    this.#countFromMs = plan.countFromMs;
    this.#next = plan.schedule.first;
    this.#running = this.#run();
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** How late the next event is. */
  get behindMs(): number {
    return Math.max(0, monotonicMs() - dueMs(this.#schedule, this.#next));
  }

  async stop(): Promise<LoadFigures> {
    this.#isStopped = true;
    await this.#running;
    await Promise.all(this.#appends);
    const ms = (percent: number): number => this.#latencies.percentile(percent) / 1000;
    return {
      next: this.#next,
      acknowledged: this.#acknowledged,
      repeated: this.#repeated,
      latencies: {
        count: this.#latencies.count,
        p50Ms: ms(50),
        p95Ms: ms(95),
        p99Ms: ms(99),
        maxMs: this.#latencies.count === 0 ? 0 : this.#latencies.max / 1000,
      },
    };
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const due = dueBy(this.#schedule, monotonicMs());
      while (this.#next < due && this.#inFlight < maxInFlight)
        this.#publish(Math.min(due, this.#next + maxAppend));
      await delay(tickMs);
    }
  }

  #publish(end: number): void {
    const first = this.#next;
    this.#next = end;
    const append = this.#append(first, end).finally(() => this.#appends.delete(append));
    this.#appends.add(append);
  }

  async #append(first: number, end: number): Promise<void> {
    const sentAt = new Date().toISOString();
    const records = Array.from({ length: end - first }, (_, at) => this.#events.record(first + at, sentAt));
    this.#inFlight += records.length;
    while (!(await this.#isTaken(records))) await delay(repeatAfterMs);
    this.#inFlight -= records.length;
    this.#acknowledged += records.length;
    this.#count(first, end);
  }

  async #isTaken(records: Parameters<EventLog['append']>[1]): Promise<boolean> {
    try {
      await this.#log.append('im', records);
      return true;
    } catch (error) {
      if (isHoldfastError(error, 'LogUnavailable')) this.#repeated += records.length;
      else if (!isHoldfastError(error, 'Overloaded')) throw error;
      return false;
    }
  }

  #count(first: number, end: number): void {
    const nowMs = monotonicMs();
    for (let event = first; event < end; event++) {
      const due = dueMs(this.#schedule, event);
      if (due >= this.#countFromMs) this.#latencies.record(Math.max(1, Math.round((nowMs - due) * 1000)));
    }
  }
}
