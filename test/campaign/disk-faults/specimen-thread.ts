import { existsSync, mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { isHoldfastError } from '../../../services/core/errors.ts';
import { type OpenSpecimen, specimens } from './specimens.ts';

// Run as a thread under strace, which counts the calls of each thread: does the work of one adapter and writes a line
// for each attempt. A step that was refused is tried again, at last with the files opened anew.
const { name, folder } = workerData as { name: string; folder: string };
const specimen = specimens[name]!;
const attempts = 3;

/** A call that fails and is traced: what stands between two marks belongs to one step. */
const mark = (step: number, what: string): boolean => existsSync(`/holdfast-mark/${name}/${step}/${what}`);

const say = (line: object): void => void writeSync(1, `${JSON.stringify({ name, ...line })}\n`);

let open: OpenSpecimen | undefined;

const attempt = async (step: number): Promise<void> => {
  mark(step, 'begun');
  open ??= await specimen.open(join(folder, name));
  const acknowledged = await open.step(step);
  mark(step, 'acknowledged');
  say({ step, acknowledged });
};

const close = async (): Promise<void> => {
  const closing = open;
  open = undefined;
  await closing?.[Symbol.asyncDispose]();
};

const note = (step: number, error: unknown): void => {
  const said = error instanceof Error ? error.message : String(error);
  say({ step, refused: isHoldfastError(error) ? error.code : `${(error as Error)?.stack}`, said });
};

mkdirSync(join(folder, name));
for (let step = 0; step < specimen.steps; step += 1) {
  for (let left = attempts; left > 0; left -= 1) {
    try {
      await attempt(step);
      break;
    } catch (error) {
      note(step, error);
      if (left === 2) await close().catch((fault: unknown) => note(step, fault));
    }
  }
}
await close().catch((fault: unknown) => note(specimen.steps, fault));
say({ done: true });
