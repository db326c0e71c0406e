import type { AppendAnswer } from '../../schemas/api/archive-operations.ts';
import type { OutcomeKind } from '../../schemas/archive/ledger.ts';
import type { Position } from '../ports/event-log.ts';

/**
 * Where an import goes: an archive in this process or on a server (`Archive` is one).
 *
 * Promises: `append` is durable when it resolves, keeps the order of its lines and answers one result a line;
 * `outcomes` waits until every position is accounted for.
 */
export interface ImportSink {
  /** Which events are accounted for with this very content already: appending them again would change nothing. */
  known(events: readonly { id: string; contentHash: string }[]): Promise<readonly boolean[]>;
  append(lines: readonly Uint8Array[]): Promise<AppendAnswer>;
  outcomes(
    positions: readonly Position[],
  ): Promise<readonly { outcome: OutcomeKind; reason?: string | undefined }[]>;
}
