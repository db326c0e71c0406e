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

/** `figures/scoreboard.json`. */
export interface ScoreboardReport {
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  /** Of the engines. */
  readonly kafka: string;
  readonly elasticsearch: string;
  readonly rows: readonly ScoreboardRow[];
}

/** What this machine lacks something for is a row of its own, which says so; no scoreboard with one is clean. */
export const notAttempted = (
  row: Pick<ScoreboardRow, 'campaign' | 'edition' | 'invariants' | 'unit'>,
  reasons: readonly string[],
): ScoreboardRow => ({ ...row, attempted: 0, violated: 0, seconds: 0, violations: reasons });

export const isClean = ({ rows }: Pick<ScoreboardReport, 'rows'>): boolean =>
  rows.every(({ attempted, violated }) => violated === 0 && attempted > 0);
