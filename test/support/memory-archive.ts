import { createHash } from 'node:crypto';
import type {
  AppendAnswer,
  AppendResult,
  AuditNote,
  Coverage,
  QuarantineAnswer,
  RebuildReport,
  RetryReport,
  ScopeAnswer,
  SetScopeRequest,
  VerifyReport,
} from '../../schemas/api/archive-operations.ts';
import type {
  ConversationAnswer,
  ConversationRequest,
  ItemAnswer,
  SearchAnswer,
  SearchRequest,
} from '../../schemas/api/search.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { Certificate, OutcomeKind } from '../../schemas/archive/ledger.ts';
import type { Scope } from '../../schemas/events/governance-event.ts';
import { decodeEvent } from '../../services/core/conversation/decode-event.ts';
import { HoldfastError } from '../../services/core/errors.ts';
import { itemIdOf } from '../../services/core/item/facts.ts';
import { foldFact } from '../../services/core/item/fold-item.ts';
import type { Clock } from '../../services/ports/clock.ts';
import type { Position } from '../../services/ports/event-log.ts';
import type { Archive, Caller, Steps } from '../../services/search-api/archive.ts';
import { plainSearch } from './plain-search.ts';

interface Logged {
  readonly value: Uint8Array;
  readonly outcome: OutcomeKind;
  readonly reason?: string;
  readonly eventId?: string;
  readonly contentHash?: string;
}

const zeroes = '0'.repeat(64);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The whole archive in one partition of memory, with the real event and item rules and a search for plain words:
 * enough to hold the HTTP layer and the page against. Every call is kept in `audited`.
 */
export class MemoryArchive implements Archive {
  readonly audited: { action: string; caller: Caller }[] = [];
  readonly #clock: Clock;
  readonly #logged: Logged[] = [];
  readonly #items = new Map<string, Item>();
  #scope: ScopeAnswer = { scope: { who: 'everyone' } satisfies Scope, version: 0, governanceOffset: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async search(caller: Caller, request: SearchRequest): Promise<SearchAnswer> {
    const certificate = this.#certificate('search', caller, request.timeZone);
    const found = plainSearch([...this.#items.values()], request);
    return { ...found, timeZone: request.timeZone ?? 'UTC', analyzerVersion: 1, certificate };
  }

  async item(caller: Caller, id: string): Promise<ItemAnswer> {
    return { certificate: this.#certificate('item.view', caller), item: this.#get(id) };
  }

  async conversation(caller: Caller, id: string, request: ConversationRequest): Promise<ConversationAnswer> {
    const certificate = this.#certificate('conversation.view', caller);
    const all = [...this.#items.values()].filter((item) => item.conversation.id === id);
    if (all.length === 0) throw new HoldfastError('NotFound', { detail: 'There is no such conversation.' });
    const start = startOf(all, request);
    const end = Math.min(start + request.limit, placeOf(all, request.before));
    const items = all.slice(start, end);
    return { conversation: id, items, hasBefore: start > 0, hasAfter: end < all.length, certificate };
  }

  async coverage(caller: Caller): Promise<Coverage> {
    const certificate = this.#certificate('coverage.view', caller);
    const outcomes = Object.fromEntries(
      (['archived', 'conflict', 'duplicate', 'refused', 'quarantined', 'control'] as const).map((kind) => [
        kind,
        this.#logged.filter(({ outcome }) => outcome === kind).length,
      ]),
    ) as Record<OutcomeKind, number>;
    const logged = this.#logged.length;
    const items = this.#items.size;
    return {
      installation: 'test',
      scope: this.#scope.scope,
      partitions: [
        { partition: 0, logged, accounted: logged, searchable: logged, outcomes, items, root: zeroes },
      ],
      totals: { logged, accounted: logged, pending: 0, items, outcomes },
      archiver: { state: 'running' },
      certificate,
    };
  }

  async append(lines: readonly Uint8Array[]): Promise<AppendAnswer> {
    const answer = { accepted: 0, quarantined: 0, refused: 0 };
    const results = lines.map((value, at): AppendResult => {
      const offset = this.#logged.length;
      const position = { stream: 'im', generation: 1, partition: 0, offset } as const;
      const logged = this.#take(value, offset);
      this.#logged.push(logged);
      const line = at + 1;
      if (logged.reason !== undefined) {
        answer.quarantined += 1;
        return { line, status: 'quarantined', position, reason: logged.reason };
      }
      answer.accepted += 1;
      return { line, status: 'accepted', position };
    });
    return { ...answer, results };
  }

  async known(events: readonly { id: string; contentHash: string }[]): Promise<readonly boolean[]> {
    return events.map(({ id, contentHash }) =>
      this.#logged.some((logged) => logged.eventId === id && logged.contentHash === contentHash),
    );
  }

  async outcomes(
    positions: readonly Position[],
  ): Promise<readonly { outcome: OutcomeKind; reason?: string }[]> {
    return positions.map(({ offset }) => {
      const { outcome, reason } = this.#logged[offset]!;
      return reason === undefined ? { outcome } : { outcome, reason };
    });
  }

  async note(caller: Caller, note: AuditNote): Promise<void> {
    this.#certificate(note.action, caller);
  }

  async quarantine(caller: Caller, after: string | undefined, limit: number): Promise<QuarantineAnswer> {
    this.#certificate('quarantine.view', caller);
    const all = this.#logged.flatMap(({ reason, value }, offset) =>
      reason === undefined
        ? []
        : [
            {
              position: { stream: 'im' as const, generation: 1, partition: 0, offset },
              reason,
              valueHash: sha256(value),
              bytes: Buffer.from(value).toString('base64'),
              redriven: false,
            },
          ],
    );
    const start = Number(after ?? 0);
    const next = start + limit < all.length ? { next: String(start + limit) } : {};
    return { total: all.length, entries: all.slice(start, start + limit), ...next };
  }

  async retryQuarantine(caller: Caller): Promise<RetryReport> {
    const { total } = await this.quarantine(caller, undefined, 1);
    return { tried: total, redriven: 0, stillUnreadable: total };
  }

  async scope(caller: Caller): Promise<ScopeAnswer> {
    this.#certificate('scope.view', caller);
    return this.#scope;
  }

  async setScope(caller: Caller, { scope, expectedVersion }: SetScopeRequest): Promise<ScopeAnswer> {
    this.#certificate('scope.set', caller);
    const { version, governanceOffset } = this.#scope;
    if ((expectedVersion ?? version) !== version)
      throw new HoldfastError('Conflict', { detail: `The scope is at version ${version}.` });
    this.#scope = { scope, version: version + 1, governanceOffset: governanceOffset + 1 };
    return this.#scope;
  }

  async *verify(caller: Caller): Steps<VerifyReport> {
    this.#certificate('verify', caller);
    const [events, items] = [this.#logged.length, this.#items.size];
    yield { kind: 'progress', done: 0, total: events, what: 'events' };
    yield { kind: 'progress', done: events, total: events, what: 'events' };
    const partitions = [{ partition: 0, events, items, root: zeroes, witnessed: events }];
    yield { kind: 'report', report: { ok: true, partitions, unwitnessedTail: 0, differences: [] } };
  }

  async *rebuildIndex(caller: Caller): Steps<RebuildReport> {
    this.#certificate('index.rebuild', caller);
    const [events, items] = [this.#logged.length, this.#items.size];
    yield { kind: 'progress', done: events, total: events, what: 'events' };
    yield { kind: 'report', report: { items, events, elapsedMs: 0 } };
  }

  async readiness(): Promise<{ ready: boolean; reason?: string }> {
    return { ready: true };
  }

  #get(id: string): Item {
    const item = this.#items.get(id);
    if (item === undefined) throw new HoldfastError('NotFound', { detail: 'There is no such item.' });
    return item;
  }

  #take(value: Uint8Array, offset: number): Logged {
    const decoded = decodeEvent(value);
    if (!decoded.ok) return { value, outcome: 'quarantined', reason: decoded.reason };
    const { event, contentHash } = decoded;
    const loggedAt = this.#clock.now();
    const id = itemIdOf(event);
    const fact = { event, generation: 1, partition: 0, offset, loggedAt };
    this.#items.set(id, foldFact(this.#items.get(id), fact));
    return { value, outcome: 'archived', eventId: event.id, contentHash };
  }

  #certificate(action: string, caller: Caller, timeZone = 'UTC'): Certificate {
    this.audited.push({ action, caller });
    const offset = this.#logged.length;
    const now = this.#clock.now().toISOString();
    return {
      installation: 'test',
      vector: { offsets: [offset], governanceOffset: 0, analyzerVersion: 1, timeZone, now },
      itemsCovered: this.#items.size,
      undetermined: 0,
      quarantined: this.#logged.filter(({ outcome }) => outcome === 'quarantined').length,
      pending: 0,
      head: {
        installation: 'test',
        signedAt: now,
        heads: [{ stream: 'im', generation: 1, partition: 0, size: offset, root: zeroes }],
        keyId: '0123456789abcdef',
        signature: 'c2lnbmVk',
      },
      auditOffset: this.audited.length - 1,
    };
  }
}

const startOf = (all: readonly Item[], { around, from, before, limit }: ConversationRequest): number => {
  if (around !== undefined) {
    const at = all.findIndex(({ id }) => id === around);
    if (at < 0) throw new HoldfastError('NotFound', { detail: 'There is no such item here.' });
    return Math.max(0, at - Math.floor(limit / 2));
  }
  if (from !== undefined) return placeOf(all, from);
  return Math.max(0, placeOf(all, before) - limit);
};

const placeOf = (all: readonly Item[], offset = Number.POSITIVE_INFINITY): number =>
  all.filter(({ firstOffset }) => firstOffset < offset).length;
