import { type ErrorCode, errorTable, HoldfastError } from '../core/errors.ts';
import type { QueryFault } from '../core/query/parsed-query.ts';
import { printable } from './printable.ts';
import { columnsOf } from './text-columns.ts';

/** Where a command writes: results to `out`, everything for people to `err`, so that pipes stay clean. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Whether `out` is a person's terminal, and whether colours are welcome. */
  readonly colour: boolean;
  /** Whether a progress bar can be drawn on `err`. */
  readonly interactive: boolean;
}

/** `onFault` is told once when results cannot be written: a pipe whose reader has gone, a full disk. */
export const processTerminal = (onFault: (fault: NodeJS.ErrnoException) => void): Terminal => {
  let isWritable = true;
  process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
    if (isWritable) onFault(fault);
    isWritable = false;
  });
  process.stderr.on('error', () => undefined);
  return {
    out: (line) => {
      if (isWritable) process.stdout.write(`${line}\n`);
    },
    err: (line) => void process.stderr.write(`${line}\n`),
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    interactive: process.stderr.isTTY === true,
  };
};

/** Resolves when everything printed so far was taken or refused. */
export const flushed = (): Promise<void> =>
  new Promise((resolve) => void process.stdout.write('', () => resolve()));

/** Says what happened, where, and what to do next. Causes stay in the log, where there is one. */
export const printError = (terminal: Terminal, error: unknown): void => {
  if (error instanceof Error && error.name === 'AbortError') {
    terminal.err('holdfast: interrupted');
    return;
  }
  if (!(error instanceof HoldfastError)) {
    terminal.err(`holdfast: ${printable(error instanceof Error ? error.message : String(error))}`);
    return;
  }
  const { faults, action } = error.details;
  for (const line of error.message.split('\n')) terminal.err(`holdfast: ${printable(line)}`);
  if (error.code === 'QueryRefused' && Array.isArray(faults)) return;
  terminal.err(`  ${typeof action === 'string' ? action : actionOf(error.code)}`);
};

/** What helps on a command line where the table of errors speaks to callers of the API. */
const actions: Partial<Record<ErrorCode, string>> = {
  Unauthorized:
    'Put the token of its server.json into HOLDFAST_TOKEN, or name its data folder with --data instead of --url.',
  BadRequest: 'Try holdfast --help.',
};

const actionOf = (code: ErrorCode): string => actions[code] ?? errorTable[code].action;

/** The query with a caret line under each fault, aligned by display columns, and the corrected queries. */
export const printFaults = (terminal: Terminal, query: string, faults: readonly QueryFault[]): void => {
  for (const fault of faults) {
    const line = query.replaceAll(/[\s\p{Cc}]/gu, ' ');
    const indent = ' '.repeat(columnsOf(line.slice(0, fault.offset)));
    const carets = '^'.repeat(Math.max(1, columnsOf(line.slice(fault.offset, fault.offset + fault.length))));
    if (line.length <= 2000) terminal.err(`  ${line}\n  ${indent}${carets}`);
    terminal.err(`  ${fault.message}${fault.expected === undefined ? '' : ` Expected ${fault.expected}.`}`);
    for (const fix of fault.fixes) terminal.err(`  try: ${fix}`);
  }
};
