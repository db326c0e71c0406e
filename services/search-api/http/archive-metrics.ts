import { Gauge, type Registry } from 'prom-client';
import type { ArchiverStatus } from '../../archiver/archiver.ts';
import { imPartitionsOf } from '../../core/ledger/partitions-of.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { inTime } from './in-time.ts';

export interface ArchiveMetricsParts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly status: () => Promise<ArchiverStatus>;
  readonly clock: Clock;
}

/**
 * What an operator watches: how far archiving is, what waits, what could not be read. Asked for at each scrape; a
 * figure that cannot be told then is left out, and the others are given.
 */
export const registerArchiveMetrics = (registry: Registry, parts: ArchiveMetricsParts): void => {
  const registers = [registry];
  const { log, ledger, status, clock } = parts;
  const told = (gauge: Pick<Gauge, 'reset'>, tell: () => Promise<void>): Promise<void> =>
    inTime(clock, tell, () => gauge.reset());
  const names = imPartitionsOf(log);
  new Gauge({
    name: 'holdfast_accounted_events',
    help: 'Events that have an outcome in the ledger.',
    labelNames: ['partition'],
    registers,
    async collect() {
      await told(this, async () => {
        for (const name of names) this.set({ partition: name.partition }, (await ledger.frontier(name)).size);
      });
    },
  });
  new Gauge({
    name: 'holdfast_pending_events',
    help: 'Events that are logged and have no outcome yet.',
    labelNames: ['partition'],
    registers,
    async collect() {
      await told(this, async () => {
        const sizes = await Promise.all(names.map(async (name) => (await ledger.frontier(name)).size));
        const ends = await Promise.all(names.map(({ partition }) => log.end('im', partition)));
        for (const { partition } of names)
          this.set({ partition }, Math.max(0, ends[partition]! - sizes[partition]!));
      });
    },
  });
  new Gauge({
    name: 'holdfast_outcomes',
    help: 'Events by what became of them.',
    labelNames: ['outcome'],
    registers,
    async collect() {
      await told(this, async () => {
        const totals = new Map<string, number>();
        for (const name of names)
          for (const [outcome, count] of Object.entries(await ledger.counts(name)))
            totals.set(outcome, (totals.get(outcome) ?? 0) + count);
        for (const [outcome, count] of totals) this.set({ outcome }, count);
      });
    },
  });
  new Gauge({
    name: 'holdfast_archiver_running',
    help: '1 while archiving goes on, 0 while it rests after a fault.',
    registers,
    async collect() {
      await told(this, async () => this.set((await status()).state === 'running' ? 1 : 0));
    },
  });
};
