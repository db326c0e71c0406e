import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { MemoryClock } from '../../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../../services/adapters/memory/ledger.ts';
import { HoldfastError } from '../../../services/core/errors.ts';
import { registerArchiveMetrics } from '../../../services/search-api/http/archive-metrics.ts';

test('figures that cannot be told now are left out, and the others are given', async () => {
  const clock = new MemoryClock();
  let isAway = false;
  class Log extends MemoryEventLog {
    override async end(...place: Parameters<MemoryEventLog['end']>): Promise<number> {
      if (isAway) throw new HoldfastError('LogUnavailable');
      return super.end(...place);
    }
  }
  const registry = new Registry();
  registerArchiveMetrics(registry, {
    log: new Log({ partitions: { im: 1, governance: 1, audit: 1 }, clock }),
    ledger: new MemoryLedger(),
    status: async () => {
      if (isAway) throw new HoldfastError('LogUnavailable');
      return { state: 'running' };
    },
    clock,
  });
  const scrape = async () =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const whole = await scrape();
  assert(whole.includes('holdfast_pending_events{partition="0"} 0'));
  assert(whole.includes('holdfast_archiver_running 1'));
  isAway = true;
  const rest = await scrape();
  assert(rest.includes('holdfast_accounted_events{partition="0"} 0'));
  assert(!rest.some((line) => line.startsWith('holdfast_pending_events')));
  assert(rest.includes('holdfast_archiver_running 0'));
});
