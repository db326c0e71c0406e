import { numberText as number } from '../support/number-text.ts';
import type { Table } from '../support/text-table.ts';
import type { Latencies } from './load-orders.ts';
import type { SoakReport } from './soak-report.ts';

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${number(value)}`;

/** What it was measured with and on, in one line. */
export const soakHeading = ({ soak, machine, engines, load, ...rest }: SoakReport): string =>
  `${number(soak.perSecond)} events/s for ${number(soak.seconds / 60)} min after ${number(rest.warmUpSeconds)} s of warm-up, ` +
  `${number(soak.searches.perSecond)} searches/s and the search for marked events beside it; ${rest.partitions} partitions, ` +
  `${rest.archivers} archiver${rest.archivers === 1 ? '' : 's'}, search API, signer, load, Kafka and Elasticsearch on ${machine.cores} cores ` +
  `(${machine.processor}), ${machine.memoryGib} GiB. ${engines}; Node ${machine.node}, SQLite ${machine.sqlite}, ${machine.kernel}; ` +
  `commit ${machine.commit}, ${rest.startedAt.slice(0, 10)}, load ${load.map((one) => one?.toFixed(1) ?? '?').join(' → ')}.`;

const latencyRow = (what: string, { count, p50Ms, p95Ms, p99Ms, maxMs }: Latencies, note = ''): string[] => [
  what,
  number(count),
  ...[p50Ms, p95Ms, p99Ms, maxMs].map((ms) => `${number(ms)} ms`),
  note,
];

export const latencyTable = ({ soak }: SoakReport): Table => {
  const { unseen } = soak.searchable;
  const { p50, p95, max, last } = soak.lagEvents;
  return {
    columns: ['From when it was due until', 'counted', 'p50', 'p95', 'p99', 'max', ''],
    rows: [
      latencyRow('an event is acknowledged by the log', soak.acknowledged),
      latencyRow('a search finds it', soak.searchable, unseen === 0 ? '' : `${unseen} not found in time`),
      latencyRow('a search is answered', soak.searches),
      [
        'events that wait for the archiver',
        '',
        number(p50),
        number(p95),
        '',
        number(max),
        `${number(last)} at the end`,
      ],
    ],
  };
};

export const processTable = ({ soak }: SoakReport): Table => ({
  columns: ['Process', 'CPU-s', 'of a core', 'most memory', 'of its own, slope', 'descriptors', 'slope'],
  rows: soak.processes.map((one) => [
    one.name,
    number(one.cpuSeconds),
    `${number((one.cpuSeconds / soak.seconds) * 100)} %`,
    `${number(one.maxRssMib)} MiB`,
    `${signed(one.ownMibPerMinute)} MiB/min`,
    number(one.maxDescriptors),
    `${signed(one.descriptorsPerMinute)} /min`,
  ]),
});

export const checkTable = ({ checks }: SoakReport): Table => ({
  columns: ['Afterwards', 'attempted', 'violated'],
  rows: checks.map(({ what, attempted, violated }) => [
    what,
    attempted.toLocaleString('en'),
    String(violated),
  ]),
});

/** In words: the highest rate and what was tried; nothing where it was not looked for. */
export const highestSentence = ({ highest }: SoakReport): string | undefined => {
  if (highest === undefined) return undefined;
  const tried = highest.steps.map(
    ({ perSecond, searchableP95Ms, holds }) =>
      `${number(perSecond)} ${holds ? 'held' : 'missed'} (${number(searchableP95Ms)} ms)`,
  );
  return `Highest rate that keeps p95 from due to found below ${number(highest.searchableP95BelowMs / 1000)} s: **${number(highest.perSecond)} events/s** (${number(highest.secondsEach)} s each: ${tried.join(', ')}).`;
};
