import type {
  AppendAnswer,
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
import type { OutcomeKind } from '../../schemas/archive/ledger.ts';
import type { Steps } from '../archiver/steps.ts';
import type { Actor } from '../ports/archive-index.ts';
import type { Position } from '../ports/event-log.ts';

export type { Steps } from '../archiver/steps.ts';

/** Who asks and why; every call with it is audited before its answer leaves. */
export interface Caller {
  readonly actor: Actor;
  readonly purpose: string;
}

/**
 * Everything an operator, the HTTP API and the CLI can do with an archive. In process it is the services themselves
 * (`createArchive`), from another process the HTTP client; both throw the same `HoldfastError`s.
 */
export interface Archive {
  /** A refused query throws `QueryRefused` with `details.faults: QueryFault[]`. */
  search(caller: Caller, request: SearchRequest): Promise<SearchAnswer>;
  item(caller: Caller, id: string): Promise<ItemAnswer>;
  conversation(caller: Caller, id: string, request: ConversationRequest): Promise<ConversationAnswer>;
  coverage(caller: Caller): Promise<Coverage>;

  /** Appends lines (bytes of one event each); answers when durable. What cannot be read is kept and quarantined. */
  append(lines: readonly Uint8Array[]): Promise<AppendAnswer>;
  /** Which events are already accounted for with this very content. */
  known(events: readonly { id: string; contentHash: string }[]): Promise<readonly boolean[]>;
  /** Waits until every position has its outcome and is searchable. */
  outcomes(
    positions: readonly Position[],
    signal?: AbortSignal,
  ): Promise<readonly { outcome: OutcomeKind; reason?: string | undefined }[]>;
  note(caller: Caller, note: AuditNote): Promise<void>;

  quarantine(caller: Caller, after: string | undefined, limit: number): Promise<QuarantineAnswer>;
  retryQuarantine(caller: Caller): Promise<RetryReport>;
  scope(caller: Caller): Promise<ScopeAnswer>;
  setScope(caller: Caller, request: SetScopeRequest): Promise<ScopeAnswer>;
  verify(caller: Caller, signal?: AbortSignal): Steps<VerifyReport>;
  rebuildIndex(caller: Caller, signal?: AbortSignal): Steps<RebuildReport>;
  /** Ready = the log can be written and the archiver runs; the reason otherwise. */
  readiness(): Promise<{ ready: boolean; reason?: string }>;
}
