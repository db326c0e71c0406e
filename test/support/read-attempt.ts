export interface Attempt {
  readonly attempted: number;
  readonly violated: number;
}

/** What a test says of a campaign: `attempted 400, violated 0 …` or `name: 500 seeds attempted, 0 violated …`. */
export const readAttempt = (diagnostic: string): Attempt | undefined => {
  const attempted = /\battempted (\d+)/.exec(diagnostic) ?? /(\d+)[^,:]* attempted\b/.exec(diagnostic);
  const violated = /\bviolated (\d+)/.exec(diagnostic) ?? /(\d+) violated\b/.exec(diagnostic);
  if (attempted === null) return undefined;
  return { attempted: Number(attempted[1]), violated: Number(violated?.[1] ?? 0) };
};
