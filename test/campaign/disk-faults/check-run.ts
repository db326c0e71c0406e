import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultyRun, SaidLine } from './faulty-run.ts';
import { wasInjected } from './faulty-run.ts';
import { specimens } from './specimens.ts';

/** What a caller may be told. The file of a copy may be made anew, the index from the log. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  log: ['LogFull', 'LogUnavailable'],
  ledger: ['LedgerUnavailable'],
  view: ['LedgerUnavailable'],
  index: ['IndexUnavailable'],
};

/** Everything that must hold for one adapter after the n-th call of its thread failed. */
export const checkRun = async (name: string, run: FaultyRun): Promise<string[]> => {
  const said = run.said.filter((line) => line.name === name);
  return [
    ...checkAnswers(name, said),
    ...checkFlushes(name, run.traces.get(name) ?? []),
    ...(await checkFiles(name, run.folder, said)),
  ];
};

const checkAnswers = (name: string, said: readonly SaidLine[]): string[] => {
  const faults = said.flatMap(({ step, refused, said: what }) =>
    refused === undefined || allowed[name]!.includes(refused)
      ? []
      : [`step ${step} was refused with ${refused}: ${what}`],
  );
  const done = new Set(said.flatMap(({ step, acknowledged }) => (acknowledged === undefined ? [] : step)));
  const { steps, programStep } = specimens[name]!;
  for (let step = 0; step < steps; step += 1)
    if (!done.has(step) && step !== programStep)
      faults.push(`step ${step} never went through after one fault`);
  return said.at(-1)?.done === true ? faults : [...faults, 'the thread died'];
};

/** Before an acknowledgement, what was written to the write-ahead log of that step was flushed, and the flush succeeded. */
const checkFlushes = (name: string, trace: readonly string[]): string[] => {
  if (name === 'view') return [];
  const faults: string[] = [];
  const open = new Set<string>();
  for (const line of trace) {
    const [, step, what] = /holdfast-mark\/\w+\/(\d+)\/(\w+)/.exec(line) ?? [];
    if (what === 'acknowledged' && open.size > 0)
      faults.push(`step ${step} was acknowledged before ${[...open]} was flushed`);
    if (what !== undefined) open.clear();
    const [, call, path = ''] = /^(\w+)\(\d+<(\S+-wal)>/.exec(line) ?? [];
    if (path.endsWith('index-2.db-wal') || path.endsWith('index-3.db-wal')) continue;
    if (call === 'pwrite64') open.add(path);
    if (/^fd?a?t?a?sync$/.test(call ?? '') && !wasInjected(line)) open.delete(path);
  }
  return faults;
};

/** Opened again without faults: what was acknowledged is there, the whole is sound, and more can be done. */
const checkFiles = async (name: string, folder: string, said: readonly SaidLine[]): Promise<string[]> => {
  const path = join(folder, name);
  if (!existsSync(path)) return ['nothing was made'];
  const specimen = specimens[name]!;
  try {
    await using open = await specimen.open(path);
    const faults: string[] = [];
    for (const { step, acknowledged } of said)
      if (acknowledged !== undefined && !(await open.holds(step, acknowledged)))
        faults.push(`what step ${step} was acknowledged for is lost`);
    faults.push(...(await open.faults()));
    await open.step(specimen.steps - 1);
    return faults;
  } catch (error) {
    return [`opened again: ${error instanceof Error ? error.message : error}`];
  }
};
