import { isDeepStrictEqual } from 'node:util';
import type { Difference } from '../../schemas/api/archive-operations.ts';
import type { OutcomeKind } from '../../schemas/archive/ledger.ts';
import { claimsId } from '../core/ledger/claims-id.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger, PartitionName, RangeRecord } from '../ports/ledger.ts';
import { differing } from './differing.ts';

/**
 * What the ledger says beside its trees: numbers by outcome, where the quarantine stands, at which governance offset
 * was decided. Coverage, certificates and the list of the quarantine are made of it.
 */
export class CheckAccount {
  readonly #ports: { readonly log: EventLog; readonly ledger: Ledger };
  readonly #partition: PartitionName;
  readonly #counts: Record<OutcomeKind, number> = {
    archived: 0,
    conflict: 0,
    duplicate: 0,
    refused: 0,
    quarantined: 0,
    control: 0,
  };
  #decidedAt = 0;
  #governanceEnd = 0;

  constructor(ports: { readonly log: EventLog; readonly ledger: Ledger }, partition: PartitionName) {
    this.#ports = ports;
    this.#partition = partition;
  }

  async range(range: RangeRecord): Promise<Difference[]> {
    for (const { outcome } of range.entries) this.#counts[outcome] += 1;
    return [
      ...(await this.#governance(range)),
      ...(await this.#quarantine(range)),
      ...(await this.#claims(range)),
    ];
  }

  /** The ledger may have grown since the walk ended; then its numbers are of more than was walked. */
  async finish(size: number): Promise<Difference[]> {
    const before = await this.#ports.ledger.frontier(this.#partition);
    const counts = await this.#ports.ledger.counts(this.#partition);
    const after = await this.#ports.ledger.frontier(this.#partition);
    if (before.size !== size || after.size !== size || isDeepStrictEqual({ ...counts }, this.#counts))
      return [];
    return [
      differing(
        this.#partition,
        size,
        `the ledger counts ${describe(counts)}; its entries are ${describe(this.#counts)}`,
      ),
    ];
  }

  async #governance({ from, governanceOffset }: RangeRecord): Promise<Difference[]> {
    if (governanceOffset > this.#governanceEnd)
      this.#governanceEnd = await this.#ports.log.end('governance', 0);
    const isPossible = governanceOffset >= this.#decidedAt && governanceOffset <= this.#governanceEnd;
    this.#decidedAt = Math.max(this.#decidedAt, governanceOffset);
    if (isPossible) return [];
    const what = `the range is said to be decided at governance offset ${governanceOffset}, which cannot be`;
    return [differing(this.#partition, from, what)];
  }

  /** An id that is not found would be archived a second time, as if it were new. */
  async #claims({ entries }: RangeRecord): Promise<Difference[]> {
    const claims = entries.filter(claimsId);
    const found = await this.#ports.ledger.find(claims.map(({ eventId }) => eventId));
    return claims
      .filter(({ eventId }) => !found.has(eventId))
      .map(({ offset, eventId }) =>
        differing(
          this.#partition,
          offset,
          `the ledger does not find event ${eventId}, which it accounts for`,
        ),
      );
  }

  async #quarantine({ from, to, entries }: RangeRecord): Promise<Difference[]> {
    const expected = entries.filter(({ outcome }) => outcome === 'quarantined').map(({ offset }) => offset);
    const listed = await this.#ports.ledger.quarantined(this.#partition, from, expected.length + 1);
    const found = listed.map(({ offset }) => offset).filter((offset) => offset < to);
    if (isDeepStrictEqual(found, expected)) return [];
    const [offset = from] = [...expected, ...found].filter(
      (place) => !expected.includes(place) || !found.includes(place),
    );
    return [differing(this.#partition, offset, 'the quarantine list is not what the entries say')];
  }
}

const describe = (counts: Readonly<Record<OutcomeKind, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ') || 'nothing';
