import type { Clock } from '../../ports/clock.ts';
import type { ZipEntry } from '../../ports/source-files.ts';
import type { ImportRecord } from '../import-record.ts';

/** What reading an export tells, in order. */
export type SlackStep =
  | { readonly kind: 'record'; readonly entry: string; readonly line: number; readonly record: ImportRecord }
  /** An entry is finished. */
  | { readonly kind: 'read'; readonly entry: ZipEntry }
  /** An entry was left out; `isLost`: it was expected to be readable. */
  | { readonly kind: 'left'; readonly entry: string; readonly reason: string; readonly isLost: boolean };

export interface SlackReading {
  readonly path: string;
  readonly importId: string;
  readonly clock: Clock;
  readonly nextNonce: () => string;
}
