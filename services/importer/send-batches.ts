import { HoldfastError } from '../core/errors.ts';
import type { AppendableRecord, ImportRecord } from './import-record.ts';
import { countOutcome, countSkipped, type ImportReport } from './import-report.ts';
import type { ImportSink } from './import-sink.ts';

/** A record with the line it came from. */
export type LineRecord = ImportRecord & { readonly path: string; readonly line: number };
type AppendableLine = AppendableRecord & { readonly path: string; readonly line: number };

/** Batches appended whose outcomes are awaited; what bounds memory when the archiver is slower than reading. */
const maxInFlight = 3;

/**
 * Sends batches in order and counts each line once its outcome is known; a batch appended earlier may be accounted
 * for while a later one is sent. Lines of a batch that failed are not counted: importing again finds them.
 */
export class BatchSender {
  readonly #sink: ImportSink;
  readonly #report: ImportReport;
  readonly #inFlight: Promise<void>[] = [];

  constructor(sink: ImportSink, report: ImportReport) {
    this.#sink = sink;
    this.#report = report;
  }

  async send(batch: readonly LineRecord[]): Promise<void> {
    const lines = batch.filter((record) => record.kind === 'append');
    const known = lines.length === 0 ? [] : await this.#sink.known(lines.map(identity));
    const fresh = lines.filter((_, index) => known[index] !== true);
    const answer = fresh.length === 0 ? undefined : await this.#sink.append(fresh.map(({ value }) => value));
    const settling = this.#settle(fresh, answer).then((count) => {
      for (const record of batch) if (record.kind === 'skipped') countSkipped(this.#report, record.reason);
      for (const line of lines.filter((_, index) => known[index] === true)) {
        countOutcome(this.#report, 'duplicate', { ...line, reason: undefined });
      }
      count();
    });
    // Awaited in `settle` or when its turn comes; until then a rejection is not unhandled.
    settling.catch(() => undefined);
    this.#inFlight.push(settling);
    if (this.#inFlight.length >= maxInFlight) await this.#inFlight.shift();
  }

  /** Waits for everything sent, also when some of it failed; then throws the first failure. */
  async settle(): Promise<void> {
    const results = await Promise.allSettled(this.#inFlight.splice(0));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #settle(
    fresh: readonly AppendableLine[],
    answer: Awaited<ReturnType<ImportSink['append']>> | undefined,
  ): Promise<() => void> {
    const results = answer?.results ?? [];
    if (results.length !== fresh.length) {
      throw new HoldfastError('Internal', {
        detail: `${fresh.length} lines were sent, ${results.length} answered.`,
      });
    }
    const positions = results.flatMap((result) => (result.status === 'refused' ? [] : [result.position]));
    const outcomes = positions.length === 0 ? [] : await this.#sink.outcomes(positions);
    return () => {
      let next = 0;
      for (const [index, result] of results.entries()) {
        const line = fresh[index]!;
        if (result.status === 'refused') countSkipped(this.#report, `refused by the log: ${result.reason}`);
        else {
          const { outcome, reason } = outcomes[next]!;
          countOutcome(this.#report, outcome, { ...line, reason });
          next += 1;
        }
      }
    };
  }
}

const identity = ({ id, contentHash }: AppendableRecord) => ({ id, contentHash });
