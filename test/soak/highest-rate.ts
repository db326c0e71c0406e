export interface RateStep {
  readonly perSecond: number;
  readonly holds: boolean;
}

export interface RatePlan<Step extends RateStep> {
  /** Known to hold, or tried first. */
  readonly start: number;
  readonly startHolds: boolean;
  readonly maxSteps: number;
  readonly attempt: (perSecond: number) => Promise<Step>;
  readonly signal: AbortSignal;
}

export interface HighestRate<Step extends RateStep> {
  /** 0 where none did. */
  readonly perSecond: number;
  readonly steps: readonly Step[];
}

const factor = 1.25;
/** Closer than this the noise of a machine decides. */
const closeEnough = 1.04;

const rounded = (perSecond: number): number => Math.max(10, Math.round(perSecond / 10) * 10);

/** By quarters until one rate holds and a higher one does not, then between the two; as many steps as are given. */
export const findHighestRate = async <Step extends RateStep>(
  plan: RatePlan<Step>,
): Promise<HighestRate<Step>> => {
  const { start, startHolds, maxSteps, attempt, signal } = plan;
  let held = startHolds ? start : 0;
  let missed = startHolds ? Number.POSITIVE_INFINITY : start;
  const steps: Step[] = [];
  while (steps.length < maxSteps && missed > held * closeEnough && missed > rounded(0) && !signal.aborted) {
    const step = await attempt(nextRate(held, missed));
    if (signal.aborted) break;
    steps.push(step);
    if (step.holds) held = Math.max(held, step.perSecond);
    else missed = Math.min(missed, step.perSecond);
  }
  return { perSecond: held, steps };
};

const nextRate = (held: number, missed: number): number => {
  if (missed === Number.POSITIVE_INFINITY) return rounded(held * factor);
  return rounded(held === 0 ? missed / factor : (held + missed) / 2);
};
