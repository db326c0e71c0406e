/** What `make soak` takes from the environment. */
export interface SoakSettings {
  readonly minutes: number;
  /** Events a second. */
  readonly rate: number;
  readonly archivers: number;
  readonly partitions: number;
  /** Tried at most to find the highest rate; 0 = it is not looked for. */
  readonly ceilingSteps: number;
  readonly ceilingSeconds: number;
}

const defaults: SoakSettings = {
  minutes: 10,
  rate: 2000,
  archivers: 1,
  partitions: 4,
  ceilingSteps: 8,
  ceilingSeconds: 60,
};

const names = {
  minutes: 'MINUTES',
  rate: 'RATE',
  archivers: 'ARCHIVERS',
  partitions: 'PARTITIONS',
  ceilingSteps: 'CEILING_STEPS',
  ceilingSeconds: 'CEILING_SECONDS',
} as const satisfies Record<keyof SoakSettings, string>;

/** Throws with what was expected. */
export const readSoakSettings = (environment: Readonly<Record<string, string | undefined>>): SoakSettings => {
  const read = (setting: keyof SoakSettings): number => {
    const text = environment[names[setting]];
    if (text === undefined || text === '') return defaults[setting];
    const value = Number(text);
    if (Number.isFinite(value) && (value > 0 || (setting === 'ceilingSteps' && value === 0))) return value;
    throw new Error(`Expected a number above 0 for ${names[setting]}, not ${text}.`);
  };
  return {
    minutes: read('minutes'),
    rate: read('rate'),
    archivers: read('archivers'),
    partitions: read('partitions'),
    ceilingSteps: read('ceilingSteps'),
    ceilingSeconds: read('ceilingSeconds'),
  };
};
