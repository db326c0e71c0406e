/** What `make scoreboard` takes from the environment. */
export interface ScoreboardSettings {
  /** Campaigns whose names begin so, alone. */
  readonly only?: string;
  readonly seed?: number;
  /** For a trial: the figures are not written then. */
  readonly count?: number;
}

/** Throws with what was expected. */
export const readScoreboardSettings = (
  { ONLY, SEED, COUNT }: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): ScoreboardSettings => {
  if (ONLY && !names.some((name) => name.startsWith(ONLY)))
    throw new Error(`Expected the beginning of one of ${names.join(', ')} for ONLY, not ${ONLY}.`);
  return {
    ...(ONLY ? { only: ONLY } : {}),
    ...(SEED ? { seed: wholeNumber('SEED', SEED) } : {}),
    ...(COUNT ? { count: wholeNumber('COUNT', COUNT) } : {}),
  };
};

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`Expected a whole number above 0 for ${name}, not ${text}.`);
};
