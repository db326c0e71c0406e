import { type ErrorCode, HoldfastError } from '../../services/core/errors.ts';
import type { Clock } from '../../services/ports/clock.ts';
import type { Dice } from './dice.ts';
import type { Scheduler, SimulatedProcess } from './scheduler.ts';

/** How often calls go wrong, each from 0 to 1. */
export interface FaultRates {
  /** Never reaches the engine. */
  readonly lostRequest: number;
  /** Done, but the caller is told otherwise. */
  readonly lostAnswer: number;
  /** Done for some of what was asked. */
  readonly torn: number;
  /** Done twice. */
  readonly doubled: number;
}

export const noFaults: FaultRates = { lostRequest: 0, lostAnswer: 0, torn: 0, doubled: 0 };

const timeoutMs = 1500;
const epochMs = Date.parse('2026-01-01T00:00:00Z');

/** One process's way to the engines. A request that was sent may arrive after its sender died. */
export class Network {
  readonly dice: Dice;
  readonly scheduler: Scheduler;
  faults: FaultRates;

  constructor(dice: Dice, scheduler: Scheduler, faults: FaultRates) {
    this.dice = dice;
    this.scheduler = scheduler;
    this.faults = faults;
  }

  /** Calls `effect` at the engine, and answers `process` with what it made of it. */
  async call<T>(
    process: SimulatedProcess,
    { label, unavailable }: { readonly label: string; readonly unavailable: ErrorCode },
    effect: () => T | Promise<T>,
  ): Promise<T> {
    const { dice, faults } = this;
    const isLost = dice.chance(faults.lostRequest);
    const isUnheard = dice.chance(faults.lostAnswer);
    await this.#travel(label);
    const effected = isLost ? undefined : Promise.resolve().then(effect);
    const answer = await effected?.then(
      (value) => ({ value }) as const,
      (error: unknown) => ({ error }) as const,
    );
    await this.pause(process, `answer ${label}`, isLost || isUnheard ? timeoutMs : dice.latencyMs());
    if (answer === undefined || isUnheard)
      throw new HoldfastError(unavailable, { detail: `simulated: ${label}` });
    if ('error' in answer) throw answer.error;
    return answer.value;
  }

  /** Whoever sent it may be dead when it arrives. */
  #travel(label: string): Promise<void> {
    return new Promise((resolve) => this.scheduler.after(this.dice.latencyMs(), label, resolve));
  }

  pause(process: SimulatedProcess, label: string, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal?.reason);
      if (signal?.aborted === true) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      this.scheduler.after(ms, label, wake, process);
    });
  }
}

/** The clock of a machine: `skewMs` says how wrong its wall time is; elapsed time is right. */
export const machineClock = (network: Network, process: SimulatedProcess, skewMs: () => number): Clock => ({
  now: () => new Date(epochMs + network.scheduler.nowMs + skewMs()),
  monotonicMs: () => network.scheduler.nowMs,
  sleep: (ms, signal) => network.pause(process, 'sleep', ms, signal),
});

/** The clock of the engines. */
export const engineTime = (scheduler: Scheduler): Date => new Date(epochMs + scheduler.nowMs);
