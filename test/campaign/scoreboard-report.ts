import type { Machine } from '../bench/machine.ts';

/** One line of the scoreboard. */
export interface ScoreboardRow {
  readonly campaign: string;
  readonly edition: string;
  readonly invariants: string;
  readonly unit: string;
  readonly attempted: number;
  readonly violated: number;
  /** Absent for what takes none. */
  readonly seed?: number;
  readonly seconds: number;
  readonly seen?: Readonly<Record<string, number | string>>;
  /** The first ones, each with what replays it. */
  readonly violations: readonly string[];
}

/** A row as it is kept: a campaign may have been run alone since the others were. */
export interface KeptRow extends ScoreboardRow {
  readonly endedAt: string;
  readonly commit: string;
}

/** `figures/scoreboard.json`. */
export interface ScoreboardReport {
  /** That the newest row was made on. */
  readonly machine: Machine;
  /** Of the engines. */
  readonly kafka: string;
  readonly elasticsearch: string;
  readonly rows: readonly KeptRow[];
}

/** New rows in the place of what is kept of their campaigns, in the order of `names`; what has none of these goes. */
export const withRows = (
  kept: readonly KeptRow[],
  rows: readonly KeptRow[],
  names: readonly string[],
): KeptRow[] => {
  const isOf = ({ campaign }: ScoreboardRow, name: string) =>
    campaign === name || campaign.startsWith(`${name}: `);
  const others = kept.filter(({ campaign }) => rows.every((row) => row.campaign !== campaign));
  return names.flatMap((name) => [...others, ...rows].filter((row) => isOf(row, name)));
};

/** What this machine lacks something for is a row of its own, which says so; no scoreboard with one is clean. */
export const notAttempted = (
  {
    campaign,
    edition,
    invariants,
    unit,
  }: Pick<ScoreboardRow, 'campaign' | 'edition' | 'invariants' | 'unit'>,
  violations: readonly string[],
): ScoreboardRow => ({
  campaign,
  edition,
  invariants,
  unit,
  attempted: 0,
  violated: 0,
  seconds: 0,
  violations,
});

export const isClean = ({ rows }: { readonly rows: readonly ScoreboardRow[] }): boolean =>
  rows.every(({ attempted, violated }) => violated === 0 && attempted > 0);
