import type { Corpus } from './corpus.ts';

/** What every measurement is given. */
export interface BenchContext {
  readonly corpus: Corpus;
  /** A folder for what is made meanwhile; it goes at the end. */
  readonly folder: string;
  /** Aborted when the run is to stop; between two rounds is soon enough. */
  readonly signal: AbortSignal;
  /** Tells what is measured now. */
  readonly say: (progress: string) => void;
}
