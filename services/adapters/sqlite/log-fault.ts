import { HoldfastError } from '../../core/errors.ts';
import { isDamaged, isDiskFull, isEngineError } from './fault.ts';

/** Translates what SQLite says at the log's port. */
export const toLogFault = (error: unknown, path: string): unknown => {
  if (!isEngineError(error)) return error;
  const cause = { cause: error };
  if (isDiskFull(error, path)) {
    return new HoldfastError('LogFull', { detail: `There is no space left for ${path}.`, path }, cause);
  }
  if (isDamaged(error)) {
    return new HoldfastError('DataFolderInvalid', { detail: `${path} is damaged.`, path }, cause);
  }
  const said = error instanceof Error ? error.message : String(error);
  return new HoldfastError('LogUnavailable', { detail: `${path}: ${said}.`, path }, cause);
};
