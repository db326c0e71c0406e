/** What the indexes of one installation are called. */
export interface IndexNames {
  /** Answers `get` and every search. */
  readonly read: string;
  /** Takes new documents; nothing is written under any other alias. */
  readonly write: string;
  /** Of every concrete index of the installation. */
  readonly pattern: string;
  readonly concrete: (number: number) => string;
  /** Of a concrete index of the installation; undefined for any other name. */
  readonly numberOf: (index: string) => number | undefined;
}

/** Indexes of later generations of the log will stand beside these. */
export const generation = 1;

export const indexNamesOf = (installation: string): IndexNames => {
  const stem = `holdfast-${installation}-g${generation}-`;
  return {
    read: `holdfast-${installation}-read`,
    write: `holdfast-${installation}-write`,
    pattern: `${stem}*`,
    concrete: (number) => `${stem}${String(number).padStart(6, '0')}`,
    numberOf: (index) => {
      const digits = index.startsWith(stem) ? index.slice(stem.length) : '';
      return /^\d{6}$/.test(digits) ? Number(digits) : undefined;
    },
  };
};
