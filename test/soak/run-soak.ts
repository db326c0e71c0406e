import { loadavg } from 'node:os';
import type { BenchEngines } from '../bench/enterprise/bench-engines.ts';
import { describeMachine } from '../bench/machine.ts';
import { awaitDrained, type Check, checkArchive } from './check-archive.ts';
import { findHighestRate } from './highest-rate.ts';
import { openInstallation, type SoakInstallation } from './soak-installation.ts';
import type { CeilingStep, SoakReport } from './soak-report.ts';
import type { SoakSettings } from './soak-settings.ts';
import { runStretch, type StretchFigures } from './stretch.ts';

export interface SoakContext {
  readonly settings: SoakSettings;
  readonly engines: BenchEngines;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Told what the roles logged, where something was violated. */
  readonly complain: (lines: readonly string[]) => void;
}

const searchableP95BelowMs = 2500;
const ceilingWarmUpSeconds = 15;

/** The soak, what it left behind checked, and the highest rate; as far as it came when aborted. */
export const runSoak = async (context: SoakContext): Promise<SoakReport> => {
  const { settings, engines, signal, say } = context;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const load = [loadavg()[0]];
  const machine = describeMachine();
  // As long as engines that have just started take to compile what they run; what waits then has been worked off.
  const warmUpSeconds = Math.min(120, settings.minutes * 12);
  say('starting the roles');
  await using installation = await openInstallation({ engines, ...settings });
  const { failedSearches, ...soak } = await unlessDied(
    context,
    installation,
    runStretch(installation, {
      perSecond: settings.rate,
      warmUpSeconds,
      seconds: settings.minutes * 60,
      patienceSeconds: 60,
      signal,
      say: (line) => say(`soak, ${line}`),
    }),
  );
  const checks = [searchCheck(soak, failedSearches), ...(await check(context, installation, true))];
  const highest =
    settings.ceilingSteps > 0 && !signal.aborted
      ? await unlessDied(context, installation, lookForHighest(context, installation, soak))
      : undefined;
  if (highest !== undefined && highest.steps.length > 0)
    for (const one of await check(context, installation, false))
      checks.push({ ...one, what: `after the highest rate, too: ${one.what}` });
  load.push(loadavg()[0]);
  if (checks.some(({ violated }) => violated > 0)) context.complain(installation.complaints);
  return {
    startedAt,
    seconds: (performance.now() - startedMs) / 1000,
    machine,
    engines: engines.description,
    load,
    partitions: settings.partitions,
    archivers: settings.archivers,
    warmUpSeconds,
    soak,
    ...(highest === undefined ? {} : { highest }),
    checks,
  };
};

/** Rejects when a role ends by itself. Ctrl-C reaches the roles, too: then they end because they were asked to. */
const unlessDied = <T>({ signal }: SoakContext, { died }: SoakInstallation, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    died.catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return new Promise<never>(() => undefined);
    }),
  ]);

/** Nothing is known of what was stopped meanwhile. */
const check = async (
  context: SoakContext,
  installation: SoakInstallation,
  isThorough: boolean,
): Promise<Check[]> => {
  const { engines, signal, say } = context;
  const options = { elasticsearch: engines.elasticsearch.address, isThorough, signal, say };
  try {
    if (signal.aborted) return [];
    return await unlessDied(context, installation, checkArchive(installation, options));
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
};

const searchCheck = ({ searches }: Pick<StretchFigures, 'searches'>, failures: readonly string[]): Check => ({
  what: 'searches are answered',
  attempted: searches.asked,
  violated: failures.length,
  examples: failures.slice(0, 5),
});

const lookForHighest = async (
  { settings, signal, say }: SoakContext,
  installation: SoakInstallation,
  soak: Omit<StretchFigures, 'failedSearches'>,
): Promise<NonNullable<SoakReport['highest']>> => {
  const attempt = async (perSecond: number): Promise<CeilingStep> => {
    await awaitDrained(installation, signal, say);
    const figures = await runStretch(installation, {
      perSecond,
      warmUpSeconds: ceilingWarmUpSeconds,
      seconds: settings.ceilingSeconds,
      patienceSeconds: 5,
      signal,
      say: (line) => say(`${perSecond} events/s, ${line}`),
    });
    return { perSecond, holds: holds(figures), ...stepFigures(figures) };
  };
  const found = await findHighestRate({
    start: settings.rate,
    startHolds: holds({ ...soak, failedSearches: [] }),
    maxSteps: settings.ceilingSteps,
    attempt,
    signal,
  });
  return { searchableP95BelowMs, secondsEach: settings.ceilingSeconds, ...found };
};

/** What is late because the load itself was held up counts, too: everything is measured from when it was due. */
const holds = ({
  searchable,
  failedSearches,
}: Pick<StretchFigures, 'searchable' | 'failedSearches'>): boolean =>
  searchable.count > 0 &&
  searchable.unseen === 0 &&
  searchable.p95Ms < searchableP95BelowMs &&
  failedSearches.length === 0;

const stepFigures = ({ searchable, acknowledged, lagEvents }: StretchFigures) => ({
  searchableP95Ms: searchable.p95Ms,
  acknowledgedP95Ms: acknowledged.p95Ms,
  lastLagEvents: lagEvents.last,
});
