import { HoldfastError } from '../../core/errors.ts';
import { isDamaged, isDiskFull, isEngineError } from './fault.ts';

/** Translates what SQLite says at the ledger's port. */
export const toLedgerFault = (error: unknown, path: string): unknown => {
  // What a row holds as JSON was written whole.
  const isUnreadable = error instanceof SyntaxError;
  if (!isUnreadable && !isEngineError(error)) return error;
  const cause = { cause: error };
  if (isUnreadable || isDamaged(error)) {
    return new HoldfastError('DataFolderInvalid', { detail: `${path} is damaged.`, path }, cause);
  }
  const said = error instanceof Error ? error.message : String(error);
  const detail = isDiskFull(error, path) ? `There is no space left for ${path}.` : `${path}: ${said}.`;
  return new HoldfastError('LedgerUnavailable', { detail, path }, cause);
};
