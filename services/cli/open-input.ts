import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { HoldfastError } from '../core/errors.ts';

/** A file named on the command line, or `-` for standard input; opened before anything else happens. */
export const openInput = async (name: string, signal: AbortSignal): Promise<Readable> => {
  if (name === '-') {
    // An interrupt must end a wait for more input.
    signal.addEventListener('abort', () => process.stdin.destroy(), { once: true });
    return process.stdin;
  }
  const input = createReadStream(name, { signal });
  try {
    await once(input, 'open');
    return input;
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new HoldfastError('BadRequest', { detail: `${name} cannot be read (${why}).` }, { cause });
  }
};
