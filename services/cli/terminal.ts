import { errorTable, HoldfastError } from '../core/errors.ts';
import type { QueryFault } from '../core/query/parsed-query.ts';
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

export const processTerminal = (): Terminal => ({
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  interactive: process.stderr.isTTY === true,
});

/** Says what happened, where, and what to do next. Causes stay in the log, where there is one. */
export const printError = (terminal: Terminal, error: unknown): void => {
  if (!(error instanceof HoldfastError)) {
    terminal.err(`holdfast: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const { faults } = error.details as { faults?: unknown };
  terminal.err(`holdfast: ${error.message}`);
  if (error.code === 'QueryRefused' && Array.isArray(faults)) return;
  terminal.err(`  ${errorTable[error.code].action}`);
};

/** The query with a caret line under each fault, aligned by display columns, and the corrected queries. */
export const printFaults = (terminal: Terminal, query: string, faults: readonly QueryFault[]): void => {
  for (const fault of faults) {
    const line = query.replaceAll(/\s/gu, ' ');
    const indent = ' '.repeat(columnsOf(line.slice(0, fault.offset)));
    const carets = '^'.repeat(Math.max(1, columnsOf(line.slice(fault.offset, fault.offset + fault.length))));
    if (line.length <= 2000) terminal.err(`  ${line}\n  ${indent}${carets}`);
    terminal.err(`  ${fault.message}${fault.expected === undefined ? '' : ` Expected ${fault.expected}.`}`);
    for (const fix of fault.fixes) terminal.err(`  try: ${fix}`);
  }
};
