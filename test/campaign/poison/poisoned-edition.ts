import type { Archive } from '../../../services/search-api/archive.ts';

export interface RawRecord {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** An edition whose log others can write to. */
export interface PoisonedEdition extends AsyncDisposable {
  readonly archive: Archive;
  /** The same, spoken to over HTTP. */
  readonly remote: Archive;
  /** One batch into the log itself, past everything that checks it; what the log does not take is left out. */
  write(batch: readonly RawRecord[]): Promise<void>;
  settled(): Promise<void>;
}
