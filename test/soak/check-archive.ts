import { setTimeout as delay } from 'node:timers/promises';
import { indexNamesOf } from '../../services/adapters/elasticsearch/index-names.ts';
import { ask } from '../bench/enterprise/ask.ts';
import { EventTally } from './event-tally.ts';
import { pendingEvents } from './lag.ts';
import { openLog } from './open-log.ts';
import { monotonicMs } from './schedule.ts';
import { beginsItem } from './soak-events.ts';
import type { SoakInstallation } from './soak-installation.ts';

/** One promise, how often it could have been broken, and how often it was. */
export interface Check {
  readonly what: string;
  readonly attempted: number;
  readonly violated: number;
  /** The first ones. */
  readonly examples: readonly string[];
}

export interface CheckOptions {
  readonly elasticsearch: string;
  /** Recompute everything from the log too; takes longer than all else. */
  readonly isThorough: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const caller = { actor: { id: 'soak' }, purpose: 'soak' };
const drainedWithinMs = 600_000;
const decoder = new TextDecoder();

/** Waits until nothing waits for the archiver; false where that takes too long. */
export const awaitDrained = async (
  { url }: SoakInstallation,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<boolean> => {
  const deadlineMs = monotonicMs() + drainedWithinMs;
  for (;;) {
    const pending = await pendingEvents(url);
    if (pending === 0) return true;
    if (signal.aborted || monotonicMs() > deadlineMs) return false;
    say(`waiting for the archiver: ${pending ?? 'unknown how many'} events`);
    await delay(500, undefined, { signal }).catch(() => undefined);
  }
};

/** Compares what was acknowledged with log, index, ledger and, if wanted, every leaf and token. */
export const checkArchive = async (
  installation: SoakInstallation,
  options: CheckOptions,
): Promise<Check[]> => {
  if (!(await awaitDrained(installation, options.signal, options.say)))
    return [checkOf('every acknowledged event gets its outcome', 1, ['events still wait for the archiver'])];
  const inLog = await readLog(installation, options);
  return [
    inLog.check,
    await checkIndex(installation, options),
    await checkOutcomes(installation, inLog.records),
    ...(options.isThorough ? [await verify(installation, options)] : []),
  ];
};

const checkOf = (what: string, attempted: number, violations: readonly string[]): Check => ({
  what,
  attempted,
  violated: violations.length,
  examples: violations.slice(0, 5),
});

/** I1: every event that was acknowledged is in the log, once unless its append was repeated. */
const readLog = async (
  { enterprise: { settings }, nextEvent, repeated }: SoakInstallation,
  { say, signal }: CheckOptions,
): Promise<{ check: Check; records: number }> => {
  await using opened = await openLog(settings);
  const { log } = opened;
  const tally = new EventTally(nextEvent);
  let records = 0;
  for (let partition = 0; partition < log.partitions.im; partition++) {
    for await (const batch of log.read({ stream: 'im', generation: 1, partition, offset: 0 }, { signal })) {
      for (const { value } of batch) tally.see(idIn(value));
      records += batch.length;
      say(`reading the log back: ${records} of ${nextEvent} events`);
    }
  }
  const violations = tally.violations(() => true, repeated > 0);
  return { check: checkOf('acknowledged events are in the log (I1)', nextEvent, violations), records };
};

/** Near the front of every value; parsing all of it would take minutes. */
const idIn = (value: Uint8Array | null): string =>
  /"id":"([^"]+)"/.exec(decoder.decode(value?.subarray(0, 80) ?? new Uint8Array()))?.[1] ??
  'an erased record';

interface Page {
  readonly hits: { readonly hits: readonly { readonly _id: string; readonly sort: readonly unknown[] }[] };
}

/** I2: every item is in the index exactly once, and no other; asked of Elasticsearch itself. */
const checkIndex = async (
  { enterprise: { settings }, nextEvent }: SoakInstallation,
  { elasticsearch, say, signal }: CheckOptions,
): Promise<Check> => {
  const index = indexNamesOf(settings.config.installation).read;
  const tally = new EventTally(nextEvent);
  // What was put since the last search is not seen before.
  await ask(elasticsearch, ['POST', `/${index}/_refresh`]);
  let items = 0;
  for (let after: readonly unknown[] | undefined; ; ) {
    const body = {
      size: 10_000,
      _source: false,
      sort: ['partition', 'firstOffset', 'id'],
      ...(after === undefined ? {} : { search_after: after }),
    };
    signal.throwIfAborted();
    const { hits } = await ask<Page>(elasticsearch, ['POST', `/${index}/_search`], body);
    for (const { sort } of hits.hits) tally.see(String(sort[2]));
    items += hits.hits.length;
    say(`reading the index back: ${items} items`);
    after = hits.hits.at(-1)?.sort;
    if (after === undefined) break;
  }
  return checkOf('items are in the index exactly once (I2)', items, tally.violations(beginsItem, false));
};

/** I4: logged = archived + duplicate, to the unit; nothing else became of any event. */
const checkOutcomes = async ({ api, nextEvent }: SoakInstallation, records: number): Promise<Check> => {
  const { totals } = await api.archive.coverage(caller);
  const { archived = 0, duplicate = 0 } = totals.outcomes;
  const expected = {
    logged: records,
    accounted: records,
    pending: 0,
    archived: nextEvent,
    duplicate: records - nextEvent,
  };
  const found = { ...totals, archived, duplicate };
  const violations = Object.entries(expected).flatMap(([what, count]) =>
    found[what as keyof typeof expected] === count
      ? []
      : [`${what}: ${found[what as keyof typeof expected]}, expected ${count}`],
  );
  return checkOf('events are archived or duplicates, to the unit (I4)', records, violations);
};

/** I3, I8: the second program recomputes every outcome, leaf, root, signature, item and token. */
const verify = async ({ api }: SoakInstallation, { signal, say }: CheckOptions): Promise<Check> => {
  for await (const step of api.archive.verify(caller, signal)) {
    if (step.kind === 'progress') say(`verify: ${step.done} of ${step.total} events`);
    else {
      const events = step.report.partitions.reduce((sum, partition) => sum + partition.events, 0);
      const differences = step.report.differences.map(({ what }) => what);
      return checkOf('`verify` recomputes every event without a difference (I3, I8)', events, differences);
    }
  }
  throw new Error('verify ended without a report');
};
