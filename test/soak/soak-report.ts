import type { Machine } from '../bench/machine.ts';
import type { Check } from './check-archive.ts';
import type { RateStep } from './highest-rate.ts';
import type { StretchFigures } from './stretch.ts';

export interface CeilingStep extends RateStep {
  readonly searchableP95Ms: number;
  readonly acknowledgedP95Ms: number;
  readonly lastLagEvents: number;
}

/** `figures/soak.json`. */
export interface SoakReport {
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  /** Of the engines: versions and heaps. */
  readonly engines: string;
  /** Of the machine, one minute, at start and end; what is above two is not all ours. */
  readonly load: readonly (number | undefined)[];
  readonly partitions: number;
  readonly archivers: number;
  readonly warmUpSeconds: number;
  readonly soak: Omit<StretchFigures, 'failedSearches'>;
  readonly highest?: {
    /** The limit it is judged by. */
    readonly searchableP95BelowMs: number;
    readonly perSecond: number;
    readonly secondsEach: number;
    readonly steps: readonly CeilingStep[];
  };
  readonly checks: readonly Check[];
}

export const violationsIn = ({ checks }: SoakReport): number =>
  checks.reduce((sum, { violated }) => sum + violated, 0);
