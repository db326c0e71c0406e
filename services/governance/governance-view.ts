import { GovernanceEvent } from '../../schemas/events/governance-event.ts';
import { HoldfastError } from '../core/errors.ts';
import {
  type GovernanceState,
  initialGovernance,
  reduceGovernance,
} from '../core/governance/governance-state.ts';
import { type ScopeTest, scopeTest } from '../core/governance/scope.ts';
import type { EventLog } from '../ports/event-log.ts';

/** A reader's own state of the governance stream; disposable, made anew from the stream at start. */
export class GovernanceView {
  readonly #log: EventLog;
  #state: GovernanceState = initialGovernance;
  #inScope: ScopeTest = scopeTest(initialGovernance.scope);
  #applying: Promise<GovernanceState> | undefined;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** What a batch is decided by: the scope as it stands at `offset`, which is the stream's end as asked for now. */
  async decidedBy(): Promise<{ readonly offset: number; readonly inScope: ScopeTest }> {
    await this.current();
    return { offset: this.#state.offset, inScope: this.#inScope };
  }

  /** The state through the end of the stream as asked for now: every acknowledged command before this call is in it. */
  async current(): Promise<GovernanceState> {
    const end = await this.#log.end('governance', 0);
    while (this.#state.offset < end) {
      this.#applying ??= this.#catchUp().finally(() => {
        this.#applying = undefined;
      });
      await this.#applying;
    }
    return this.#state;
  }

  async #catchUp(): Promise<GovernanceState> {
    const from = { stream: 'governance', generation: 1, partition: 0, offset: this.#state.offset } as const;
    for await (const records of this.#log.read(from)) {
      for (const record of records) this.#apply(record.value, record.position.offset);
    }
    return this.#state;
  }

  #apply(value: Uint8Array | null, offset: number): void {
    const parsed = GovernanceEvent.safeParse(readJson(value));
    // Deciding without an event that is not understood could let go what it protects.
    if (!parsed.success) {
      throw new HoldfastError('GovernanceStale', {
        detail: `Governance event ${offset} is not understood; upgrade this process.`,
      });
    }
    const before = this.#state.scope;
    this.#state = reduceGovernance(this.#state, parsed.data, offset);
    if (this.#state.scope !== before) this.#inScope = scopeTest(this.#state.scope);
  }
}

const readJson = (value: Uint8Array | null): unknown => {
  try {
    return JSON.parse(Buffer.from(value ?? []).toString('utf8'));
  } catch {
    return undefined;
  }
};
