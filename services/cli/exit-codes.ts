import { type ErrorCode, HoldfastError } from '../core/errors.ts';

/** Documented in the README and in `--help`. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  differences: 3,
  locked: 4,
  interrupted: 130,
} as const;

const codeOf: Partial<Record<ErrorCode, number>> = {
  BadRequest: exitCodes.usage,
  QueryRefused: exitCodes.usage,
  InvalidConfig: exitCodes.usage,
  VerificationFailed: exitCodes.differences,
  DataFolderLocked: exitCodes.locked,
};

export const exitCodeOf = (error: unknown): number => {
  if (error instanceof Error && error.name === 'AbortError') return exitCodes.interrupted;
  return error instanceof HoldfastError ? (codeOf[error.code] ?? exitCodes.failed) : exitCodes.failed;
};
