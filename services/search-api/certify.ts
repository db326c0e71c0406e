import type { Certificate, SignedHead, Vector } from '../../schemas/archive/ledger.ts';
import type { ArchiverControl } from '../archiver/archiver.ts';
import { analyzerVersion } from '../core/analysis/analyzer-version.ts';
import { HoldfastError } from '../core/errors.ts';
import { imPartitionsOf } from '../core/ledger/partitions-of.ts';
import type { GovernanceView } from '../governance/governance-view.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger } from '../ports/ledger.ts';
import { SearchableVector } from './searchable-vector.ts';

export interface CertifyPorts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
  readonly governance: GovernanceView;
  readonly archiver: Pick<ArchiverControl, 'status'>;
  readonly clock: Clock;
  readonly installation: string;
  /** How old the vector of an answer may be; 0 = as of now. */
  readonly vectorMaxAgeMs?: number;
}

/** What is known before a search begins; the certificate adds what the search found. */
export interface Standing {
  readonly vector: Vector;
  readonly itemsCovered: number;
  readonly quarantined: number;
  readonly pending: number;
  readonly head: SignedHead | undefined;
}

/** Watermark first, then the search: everything below the vector was archived and is searchable. */
export class Certifier {
  readonly #ports: CertifyPorts;
  readonly #vector: SearchableVector;
  /** Counting every item again is only needed when something was archived since. */
  #counted: { key: string; items: Promise<number> } | undefined;

  constructor(ports: CertifyPorts) {
    this.#ports = ports;
    this.#vector = new SearchableVector(ports, ports.vectorMaxAgeMs ?? 0);
  }

  /** Everything accounted for before the call is in the answers after it. */
  async advance(): Promise<void> {
    await this.#vector.advance();
  }

  /** Up to where a search begun now is complete. Refuses while the index is behind the ledger: it would find less. */
  async offsets(): Promise<readonly number[]> {
    const { state, failure } = await this.#ports.archiver.status();
    if (state === 'starting')
      throw new HoldfastError('IndexUnavailable', {
        detail: failure ?? 'It is being brought up to the ledger after an interruption; try again soon.',
      });
    return this.#vector.current();
  }

  /** The offsets of an earlier answer, perhaps of another process. Refuses what nothing is known to be complete up to. */
  async assertReached(offsets: readonly number[]): Promise<void> {
    const isBeyond = (known: readonly number[]): boolean => offsets.some((offset, at) => offset > known[at]!);
    const known = await this.#vector.current();
    if (known.length !== offsets.length)
      throw new HoldfastError('BadRequest', { detail: '`after` is not a cursor of this archive.' });
    if (isBeyond(known) && isBeyond(await this.#vector.advance()))
      throw new HoldfastError('IndexUnavailable', {
        detail: 'The earlier page was answered further than this process knows the archive; try again soon.',
      });
  }

  /** What is known beside the search; asked for while it runs, given the offsets it runs at. */
  async standing(timeZone: string, offsets: readonly number[]): Promise<Standing> {
    const { log, ledger, governance, clock } = this.#ports;
    const now = clock.now().toISOString();
    const [{ offset: governanceOffset }, [head], ...perPartition] = await Promise.all([
      governance.current(),
      ledger.heads(1),
      ...imPartitionsOf(log).map(async (partition) => {
        const [end, { quarantined }] = await Promise.all([
          log.end('im', partition.partition),
          ledger.counts(partition),
        ]);
        return { end, quarantined };
      }),
    ]);
    return {
      vector: {
        offsets: [...offsets],
        governanceOffset,
        analyzerVersion,
        timeZone,
        now,
      },
      itemsCovered: await this.#items(offsets),
      quarantined: perPartition.reduce((sum, { quarantined }) => sum + quarantined, 0),
      pending: perPartition.reduce((sum, { end }, at) => sum + Math.max(0, end - offsets[at]!), 0),
      head,
    };
  }

  certificate(standing: Standing, auditOffset: number, undetermined = 0): Certificate {
    const { vector, itemsCovered, quarantined, pending, head } = standing;
    return {
      installation: this.#ports.installation,
      vector,
      itemsCovered,
      undetermined,
      quarantined,
      pending,
      ...(head === undefined ? {} : { head }),
      auditOffset,
    };
  }

  #items(offsets: readonly number[]): Promise<number> {
    const key = offsets.join(',');
    if (this.#counted?.key !== key) {
      const counted = { key, items: this.#ports.index.itemsBelow(offsets) };
      this.#counted = counted;
      // What failed is asked for again by the next answer.
      counted.items.catch(() => {
        if (this.#counted === counted) this.#counted = undefined;
      });
    }
    return this.#counted.items;
  }
}
