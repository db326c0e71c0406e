import { hash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHoldfastError } from '../../../services/core/errors.ts';
import type { Archive } from '../../../services/search-api/archive.ts';
import type { Kill } from './kill-plan.ts';
import { batchAt, stepsInLink } from './workload.ts';

/** What a client of the process under test is given. */
export interface ServedArchive {
  readonly archive: Archive;
  settled(): Promise<void>;
}

/** To the checker, which outlives this process: written before the next step is taken. */
const say = (...words: readonly (string | number)[]): void => {
  writeSync(1, `${words.join(' ')}\n`);
};

const lines = createInterface(process.stdin)[Symbol.asyncIterator]();

/** Recovers, waits until that was checked, then works until the process dies or everything was done. */
export const runClient = async ({ archive, settled }: ServedArchive, kill: Kill): Promise<void> => {
  await untilSettled(settled);
  // What is killed does not write it, and every process of the chain loads the same.
  if (kill.link === 0) flushCompileCache();
  say('recovered');
  await lines.next();
  if (kill.point === undefined) return;
  const rebuilding = needsRebuild(kill) ? rebuildAgain(archive) : undefined;
  for (let step = 0; step < stepsInLink; step += 1) await takeStep({ archive, kill, step });
  await rebuilding;
  say('survived');
};

/** A partition may rest for a fault that a test made; it is tried again. */
const untilSettled = async (settled: () => Promise<void>): Promise<void> => {
  for (;;) {
    try {
      return await settled();
    } catch (fault) {
      if (!isHoldfastError(fault)) throw fault;
      await sleep(10);
    }
  }
};

/** In Standard, partitions are taken from the archiver only for the swap of a rebuild. */
const needsRebuild = ({ point, edition }: Kill): boolean =>
  point === 'index.swapping' || (point === 'archiver.partition-lost' && edition === 'standard');

const rebuildAgain = async (archive: Archive): Promise<void> => {
  for (let time = 0; time < 4; time += 1)
    for await (const _ of archive.rebuildIndex({ actor: { id: 'rebuilder' }, purpose: 'kill' }));
};

interface Step {
  readonly archive: Archive;
  readonly kill: Kill;
  readonly step: number;
}

const takeStep = async ({ archive, kill, step }: Step): Promise<void> => {
  const [wait = 0, ask = 0] = hash('sha256', `step ${kill.seed}/${kill.link}/${step}`, 'buffer');
  const positions = await append(archive, kill, step);
  if (ask % 3 === 0) await search(archive, `search-${kill.seed}-${kill.link}-${step}`);
  // Half the time the archiver falls behind, half the time it is waited for.
  if (wait % 2 === 0) await archive.outcomes(positions).catch(ignoreFault);
};

const append = async (archive: Archive, kill: Kill, step: number) => {
  say('sending', step);
  const { results } = await archive.append(batchAt({ ...kill, step }));
  const positions = results.flatMap((result) => ('position' in result ? [result.position] : []));
  say('acked', step, positions.map(({ partition, offset }) => `${partition}/${offset}`).join(','));
  return positions;
};

const search = async (archive: Archive, purpose: string): Promise<void> => {
  say('asking', purpose);
  try {
    await archive.search({ actor: { id: 'ann' }, purpose }, { query: 'alpha', limit: 5, sort: 'sent' });
    say('answered', purpose);
  } catch (fault) {
    ignoreFault(fault);
  }
};

const ignoreFault = (fault: unknown): void => {
  if (!isHoldfastError(fault)) throw fault;
};
