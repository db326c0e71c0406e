/** What the indexes of one installation are called. */
export interface IndexNames {
  /** Answers `get` and every search. */
  readonly read: string;
  /** Takes new documents; only a rebuild writes under another alias, its own. */
  readonly write: string;
  /** Leads to the index that a rebuild fills, as long as it is that rebuild's: numbers are used again. */
  readonly filling: (token: string) => string;
  readonly isFilling: (alias: string) => boolean;
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
  const filling = `holdfast-${installation}-filling-`;
  return {
    read: `holdfast-${installation}-read`,
    write: `holdfast-${installation}-write`,
    filling: (token) => `${filling}${token}`,
    isFilling: (alias) => alias.startsWith(filling),
    pattern: `${stem}*`,
    concrete: (number) => `${stem}${String(number).padStart(6, '0')}`,
    numberOf: (index) => {
      const digits = index.startsWith(stem) ? index.slice(stem.length) : '';
      return /^\d{6}$/.test(digits) ? Number(digits) : undefined;
    },
  };
};
