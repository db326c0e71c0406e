import { createHash } from 'node:crypto';

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly label: string;
  readonly process: SimulatedProcess | undefined;
  run(): void;
}

/** What can be killed and paused; what was due for a dead one never happens. */
export interface SimulatedProcess {
  readonly name: string;
  isAlive: boolean;
  /** Nothing of it happens before. */
  pausedUntilMs: number;
}

/**
 * Virtual time, and everything that is due in it, one at a time. Between two steps all promises have come to rest, so
 * the order of steps is the order of everything.
 */
export class Scheduler {
  nowMs = 0;
  steps = 0;
  readonly #due: Due[] = [];
  readonly #trace = createHash('sha256');
  #order = 0;

  after(delayMs: number, label: string, run: () => void, process?: SimulatedProcess): void {
    this.#insert({ atMs: this.nowMs + delayMs, order: this.#order++, label, process, run });
  }

  /** The next thing that is due, until promises rest; false when nothing is. */
  async step(): Promise<boolean> {
    for (let next = this.#due.pop(); next !== undefined; next = this.#due.pop()) {
      const { process } = next;
      if (process?.isAlive === false) continue;
      if (process !== undefined && process.pausedUntilMs > next.atMs) {
        this.#insert({ ...next, atMs: process.pausedUntilMs });
        continue;
      }
      this.nowMs = next.atMs;
      this.steps += 1;
      this.#trace.update(`${next.atMs} ${process?.name ?? ''} ${next.label}\n`);
      next.run();
      await atRest();
      return true;
    }
    return false;
  }

  /** Two runs with the same digest did the same, in the same order, at the same times. */
  digest(): string {
    return this.#trace.copy().digest('hex');
  }

  /** Kept with the earliest at the end. */
  #insert(due: Due): void {
    let low = 0;
    let high = this.#due.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#due[middle]!;
      const isLater = other.atMs > due.atMs || (other.atMs === due.atMs && other.order > due.order);
      if (isLater) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, due);
  }
}

/** A queue gives its writers one turn of the event loop; after two nothing moves any more. */
const atRest = async (): Promise<void> => {
  for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
};
