import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const main = join(import.meta.dirname, '../../services/cli/main.ts');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** As `services/cli/main.ts` starts itself. */
const heapFlags = ['--max-semi-space-size=4', '--max-old-space-size=384'];

/** Starts the command line in a process of its own, with these HOLDFAST_ settings and none of the caller. */
export const startHoldfast = (
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  flags: readonly string[] = heapFlags,
) => {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_')),
  );
  return spawn(process.execPath, [...flags, main, ...words], { env: { ...environment, ...settings } });
};

export const runHoldfast = async (
  words: readonly string[],
  input = '',
  settings: Readonly<Record<string, string>> = {},
): Promise<Ran> => {
  const child = startHoldfast(words, settings);
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number | null, out, err };
};
