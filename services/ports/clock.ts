/** Time, injected everywhere so that a simulator can own it. */
export interface Clock {
  /** Wall time; may go backwards. Never compared between machines. */
  now(): Date;
  /** Milliseconds from an arbitrary origin; never goes backwards. */
  monotonicMs(): number;
  /** Resolves after `ms`, rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
