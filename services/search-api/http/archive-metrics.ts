import { Gauge, type Registry } from 'prom-client';
import type { ArchiverStatus } from '../../archiver/archiver.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { Ledger } from '../../ports/ledger.ts';

export interface ArchiveMetricsParts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly status: () => Promise<ArchiverStatus>;
}

/** What an operator watches: how far archiving is, what waits, what could not be read. Asked for at each scrape. */
export const registerArchiveMetrics = (registry: Registry, parts: ArchiveMetricsParts): void => {
  const registers = [registry];
  const { log, ledger, status } = parts;
  const names = Array.from(
    { length: log.partitions.im },
    (_, partition) => ({ stream: 'im', generation: 1, partition }) as const,
  );
  new Gauge({
    name: 'holdfast_accounted_events',
    help: 'Events that have an outcome in the ledger.',
    labelNames: ['partition'],
    registers,
    async collect() {
      for (const name of names) this.set({ partition: name.partition }, (await ledger.frontier(name)).size);
    },
  });
  new Gauge({
    name: 'holdfast_pending_events',
    help: 'Events that are logged and have no outcome yet.',
    labelNames: ['partition'],
    registers,
    async collect() {
      for (const name of names) {
        const { size } = await ledger.frontier(name);
        const end = await log.end('im', name.partition);
        this.set({ partition: name.partition }, Math.max(0, end - size));
      }
    },
  });
  new Gauge({
    name: 'holdfast_outcomes',
    help: 'Events by what became of them.',
    labelNames: ['outcome'],
    registers,
    async collect() {
      const totals = new Map<string, number>();
      for (const name of names)
        for (const [outcome, count] of Object.entries(await ledger.counts(name)))
          totals.set(outcome, (totals.get(outcome) ?? 0) + count);
      for (const [outcome, count] of totals) this.set({ outcome }, count);
    },
  });
  new Gauge({
    name: 'holdfast_archiver_running',
    help: '1 while archiving goes on, 0 while it rests after a fault.',
    registers,
    async collect() {
      this.set((await status()).state === 'running' ? 1 : 0);
    },
  });
};
