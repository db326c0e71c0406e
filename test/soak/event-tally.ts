import { eventOfId } from './soak-events.ts';

/** How often each event was seen, in a byte each. */
export class EventTally {
  readonly #seen: Uint8Array;
  readonly #strangers: string[] = [];

  constructor(events: number) {
    this.#seen = new Uint8Array(events);
  }

  see(id: string): void {
    const event = eventOfId(id);
    if (event === undefined || event >= this.#seen.length) this.#strangers.push(`${id} is nobody's`);
    else this.#seen[event]! += 1;
  }

  /** Of those expected: what is missing, and what is there more often than once. */
  violations(isExpected: (event: number) => boolean, mayRepeat: boolean): string[] {
    const found = [...this.#strangers];
    for (const [event, times] of this.#seen.entries()) {
      if (times === 0 && isExpected(event)) found.push(`soak-${event} is missing`);
      if (times > 0 && !isExpected(event)) found.push(`soak-${event} is nobody's`);
      if (times > 1 && !mayRepeat) found.push(`soak-${event} is there ${times} times`);
    }
    return found;
  }
}
