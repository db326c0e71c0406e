import type { AppendAnswer, AppendResult } from '../../schemas/api/archive-operations.ts';
import type { OutcomeKind } from '../../schemas/archive/ledger.ts';
import { type DecodedEvent, decodeEvent } from '../../services/core/conversation/decode-event.ts';
import type { ImportSink } from '../../services/importer/import-sink.ts';
import type { Position } from '../../services/ports/event-log.ts';

/** An archive in miniature: one partition, everything accounted for at once, decided as the archiver decides. */
export class MemoryImportSink implements ImportSink {
  readonly decoded: DecodedEvent[] = [];
  readonly #outcomes: { outcome: OutcomeKind; reason?: string }[] = [];
  readonly #first = new Map<string, string>();
  /** Called before each append; what it throws is what the log would throw. */
  beforeAppend: (batch: number) => void | Promise<void> = () => undefined;
  batches = 0;

  async known(events: readonly { id: string; contentHash: string }[]): Promise<readonly boolean[]> {
    return events.map(({ id, contentHash }) => this.#first.get(id) === contentHash);
  }

  async append(lines: readonly Uint8Array[]): Promise<AppendAnswer> {
    this.batches += 1;
    await this.beforeAppend(this.batches);
    const results = lines.map((value, index): AppendResult => {
      const line = index + 1;
      const position: Position = { stream: 'im', generation: 1, partition: 0, offset: this.decoded.length };
      const decoded = decodeEvent(value);
      this.decoded.push(decoded);
      this.#outcomes.push(this.#decide(decoded));
      return decoded.ok
        ? { line, status: 'accepted', position }
        : { line, status: 'quarantined', position, reason: decoded.reason };
    });
    const accepted = results.filter(({ status }) => status === 'accepted').length;
    return { accepted, quarantined: results.length - accepted, refused: 0, results };
  }

  async outcomes(positions: readonly Position[]) {
    return positions.map(({ offset }) => this.#outcomes[offset]!);
  }

  /** Events in the order of the log. */
  get events() {
    return this.decoded.flatMap((decoded) => (decoded.ok ? [decoded.event] : []));
  }

  get unreadable() {
    return this.decoded.flatMap((decoded) => (decoded.ok ? [] : [decoded]));
  }

  #decide(decoded: DecodedEvent): { outcome: OutcomeKind; reason?: string } {
    const id = decoded.ok ? decoded.event.id : decoded.eventId;
    const { contentHash } = decoded;
    if (id === undefined || contentHash === undefined) {
      return { outcome: 'quarantined', ...(decoded.ok ? {} : { reason: decoded.reason }) };
    }
    const first = this.#first.get(id);
    if (first !== undefined) return { outcome: first === contentHash ? 'duplicate' : 'conflict' };
    this.#first.set(id, contentHash);
    return decoded.ok ? { outcome: 'archived' } : { outcome: 'quarantined', reason: decoded.reason };
  }
}
