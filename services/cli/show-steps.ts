import { Presets, SingleBar } from 'cli-progress';
import { HoldfastError } from '../core/errors.ts';
import type { Steps } from '../search-api/archive.ts';
import type { Terminal } from './terminal.ts';

/** Draws a bar while the work goes on, where somebody is looking; resolves with the report. */
export const showSteps = async <Report>(
  terminal: Terminal,
  steps: Steps<Report>,
  signal: AbortSignal,
): Promise<Report> => {
  const bar = progressBar(terminal);
  try {
    for await (const step of steps) {
      if (step.kind === 'report') return step.report;
      signal.throwIfAborted();
      bar.update(step.done, step.total, step.what);
    }
  } finally {
    bar.stop();
  }
  throw new HoldfastError('Internal', { detail: 'The work ended without a report.' });
};

export interface ProgressBar {
  update(done: number, total: number, what: string): void;
  stop(): void;
}

export const progressBar = (terminal: Terminal): ProgressBar => {
  if (!terminal.interactive) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}%  {value}/{total} {what}  {duration_formatted}',
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update: (done, total, what) => {
      if (!started) bar.start(total, done, { what });
      started = true;
      bar.setTotal(total);
      bar.update(done, { what });
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
};
