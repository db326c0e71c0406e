import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { Scope } from '../../schemas/events/governance-event.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { signHeads } from '../../services/signer/sign-heads.ts';
import type { PlannedEvent } from './event-writer.ts';
import type { Installation } from './installation.ts';
import type { Machines } from './machines.ts';
import type { Oracle, Position } from './oracle.ts';
import type { Operation } from './plan.ts';

export const caller = { actor: { id: 'operator' }, purpose: 'simulation' };

const mostTries = 4;
const retryMs = 100;
const stopMs = 9000;
/** Nobody still works on what was recorded so long ago. */
const gateWaitsMs = 20_000;
const marksExpireMs = 60_000;

export interface OperatorWorld {
  readonly shared: Installation;
  readonly machines: Machines;
  readonly oracle: Oracle;
  readonly count: (what: string) => void;
}

/** Everybody who uses the installation: does what a plan says, and tells the oracle what was answered. */
export class Operator {
  readonly #world: OperatorWorld;
  #copy: readonly IndexDocument[] = [];

  constructor(world: OperatorWorld) {
    this.#world = world;
  }

  async perform(operation: Operation): Promise<unknown> {
    const { machines, shared } = this.#world;
    switch (operation.kind) {
      case 'append':
        return this.#append(operation.events);
      case 'search':
        return this.search(operation.word);
      case 'erase':
        return this.#erase(operation.eventId);
      case 'scope':
        return this.#setScope(operation.scope);
      case 'rebuild':
        return this.#rebuild(operation.by);
      case 'restore':
        return operation.take ? this.#takeCopy() : this.#restore();
      case 'retry':
        return (await machines.on('search-api')).archive.retryQuarantine(caller);
      case 'sign':
        return this.#sign();
      case 'rebalance':
        return shared.group.rebalance();
      case 'compact':
        return this.compact();
      case 'crash':
        return machines.kill(operation.machine, operation.downMs);
      case 'pause':
        return machines.pause(operation.machine, operation.forMs);
      case 'clock':
        return machines.setClock(operation.machine, operation.skewMs);
    }
  }

  async search(word: string): Promise<void> {
    const { machines, oracle, shared, count } = this.#world;
    const { archive } = await machines.on('search-api');
    const goneBefore = new Set(oracle.gone);
    const answer = await archive.search(caller, { query: word, limit: 200, sort: 'sent' });
    count('answers');
    oracle.answered(word, answer, goneBefore);
    const entry = shared.streams.audit.at(0, answer.certificate.auditOffset)?.value;
    if (entry == null || !Buffer.from(entry).includes(JSON.stringify(word)))
      oracle.violated(`I5: the search for ${word} has no audit entry`);
  }

  compact(): void {
    const { shared } = this.#world;
    for (let partition = 0; partition < shared.partitions.im; partition++)
      shared.streams.im.compact(partition, marksExpireMs);
  }

  /** As a front end: what was not acknowledged is sent again, and so may be there twice. */
  async #append(events: readonly PlannedEvent[]): Promise<void> {
    const { machines, oracle } = this.#world;
    const { log, clock } = await machines.on('front-end');
    const records = events.map(({ conversation, bytes }) => ({ key: conversation, value: bytes }));
    for (let tries = 1; ; tries++) {
      const governance = oracle.acknowledgedGovernance;
      try {
        const appended = await log.append('im', records);
        if (appended.length !== records.length)
          oracle.violated(`I1: ${records.length} records were acknowledged with ${appended.length} places`);
        for (const [at, { position }] of appended.entries())
          oracle.acknowledged(position, records[at]!.value, governance);
        return;
      } catch (error) {
        if (!isHoldfastError(error) || tries === mostTries) throw error;
        await clock.sleep(retryMs);
      }
    }
  }

  async #setScope(scope: Scope): Promise<void> {
    const { machines, oracle } = this.#world;
    const { archive } = await machines.on('search-api');
    const expectedVersion = oracle.scopeVersion;
    const { governanceOffset } = await archive.setScope(caller, { scope, expectedVersion });
    oracle.acknowledgedGovernance = Math.max(oracle.acknowledgedGovernance, governanceOffset);
  }

  async #sign(): Promise<void> {
    const { machines, shared } = this.#world;
    const { log, ledger, clock } = await machines.on('search-api');
    await signHeads({ log, ledger, clock, signer: shared.signer, installation: shared.name });
  }

  /** Stands in for the deletion gate: takes items that nobody works on, and whatever could not be read. */
  async #erase(eventId: string): Promise<void> {
    const { machines, shared, oracle, count } = this.#world;
    const { log, index } = await machines.on('front-end');
    const item = oracle.items.get(eventId);
    const positions =
      item === undefined
        ? this.#poison(eventId)
        : item.facts.map(({ offset }) => ({ partition: item.partition, offset }));
    if (positions.length === 0) return;
    const isOld = shared.network.scheduler.nowMs - (item?.recordedMs ?? 0) > gateWaitsMs;
    if (item !== undefined && !(isOld && oracle.isAmid(item) && oracle.isSettled(item))) return;
    if (item !== undefined) oracle.erased.add(item.id);
    for (const { partition, offset } of positions) oracle.erasedOffsets.add(`${partition}/${offset}`);
    await log.erase(positions.map((position) => ({ stream: 'im', generation: 1, ...position })));
    oracle.goneOffsets.push(...positions);
    count('erased');
    if (item === undefined) return;
    oracle.disposed.add(item.id);
    shared.index.disposed.add(item.id);
    await index.remove([item.id as ItemId]);
    await index.refresh();
    oracle.gone.add(item.id);
  }

  #poison(eventId: string): Position[] {
    const { shared, oracle } = this.#world;
    const found: Position[] = [];
    for (const [partition, size] of oracle.sizes().entries())
      for (let offset = 0; offset < size; offset++) {
        const value = shared.streams.im.at(partition, offset)?.value;
        if (value != null && Buffer.from(value).includes(`"poison":"${eventId}"`))
          found.push({ partition, offset });
      }
    return found;
  }

  async #rebuild(by: 'archiver' | 'search-api'): Promise<void> {
    const { machines, count } = this.#world;
    const { archive, archiver } = await machines.on(by === 'archiver' ? 'archiver-1' : by);
    for await (const _ of archiver?.rebuild() ?? archive.rebuildIndex(caller));
    count('rebuilt');
  }

  async #takeCopy(): Promise<void> {
    this.#copy = await this.#world.shared.index.documents();
  }

  /** With everything stopped, as the manual says, an older copy of the index takes its place. */
  #restore(): void {
    const { machines, shared } = this.#world;
    if (!machines.hold()) return;
    shared.network.scheduler.after(stopMs, 'put the copy in place', async () => {
      await shared.index.restore(this.#copy);
      machines.release();
    });
  }
}
