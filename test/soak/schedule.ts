/** Milliseconds of a clock that all processes of a machine share and nobody sets. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * When each event of a stretch is due: fixed before it begins, whatever the archive does. What is late because something
 * held up the load counts from here, so that no wait is left out.
 */
export interface Schedule {
  /** Number of the first event. */
  readonly first: number;
  readonly startMs: number;
  readonly perSecond: number;
}

export const dueMs = ({ first, startMs, perSecond }: Schedule, event: number): number =>
  startMs + ((event - first) * 1000) / perSecond;

/** The first event that is not due yet at this time. */
export const dueBy = ({ first, startMs, perSecond }: Schedule, nowMs: number): number =>
  nowMs < startMs ? first : first + Math.floor(((nowMs - startMs) * perSecond) / 1000 + 1e-6) + 1;
