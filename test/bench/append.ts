import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { hostSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { EventLog } from '../../services/ports/event-log.ts';

export interface AppendFigures {
  readonly writers: number;
  readonly appends: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Longest time the caller's event loop was not free, measured with a resolution of 1 ms. */
  readonly longestBlockMs: number;
  readonly cpuSeconds: number;
}

export interface AppendBench {
  readonly writers: number;
  readonly appends: number;
  readonly valueBytes?: number;
  /** Where the log is made; default the system's temporary folder. */
  readonly folder?: string;
}

/** Durable appends of one record each through the hosted SQLite log; every writer awaits each of its appends. */
export const benchAppend = async (bench: AppendBench): Promise<AppendFigures> => {
  const folder = await mkdtemp(join(bench.folder ?? tmpdir(), 'holdfast-bench-'));
  try {
    await using log = await hostSqliteEventLog({
      path: join(folder, 'log.db'),
      partitions: { im: 4, governance: 1, audit: 1 },
      clock: systemClock,
    });
    await measureAppends(log, { ...bench, appends: Math.min(bench.appends, 2000) });
    return await measureAppends(log, bench);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The same with a log that is open; what is appended stays in it. */
export const measureAppends = async (log: EventLog, bench: AppendBench): Promise<AppendFigures> => {
  const latencies = new Float64Array(bench.appends);
  const value = new Uint8Array(bench.valueBytes ?? 300).fill(120);
  let started = 0;
  const write = async (writer: number) => {
    while (started < bench.appends) {
      const turn = started++;
      const from = performance.now();
      await log.append('im', [{ key: `irc:#channel-${writer}`, value }]);
      latencies[turn] = performance.now() - from;
    }
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const cpu = process.cpuUsage();
  delay.enable();
  const from = performance.now();
  await Promise.all(Array.from({ length: bench.writers }, (_, writer) => write(writer)));
  const seconds = (performance.now() - from) / 1000;
  delay.disable();
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort();
  return {
    writers: bench.writers,
    appends: bench.appends,
    perSecond: bench.appends / seconds,
    p50Ms: latencies[Math.floor(bench.appends * 0.5)] ?? 0,
    p99Ms: latencies[Math.floor(bench.appends * 0.99)] ?? 0,
    longestBlockMs: delay.max / 1e6,
    cpuSeconds: (user + system) / 1e6,
  };
};
