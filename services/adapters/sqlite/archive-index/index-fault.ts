import { HoldfastError } from '../../../core/errors.ts';
import { isDamaged, isDiskFull, isEngineError } from '../fault.ts';

const remedy = '`holdfast rebuild-index` makes a new one from the log.';

/** Translates what SQLite says at the index's port. */
export const toIndexFault = (error: unknown, path: string): unknown => {
  if (!isEngineError(error) && !isUnreadableNumber(error)) return error;
  return new HoldfastError('IndexUnavailable', { detail: detailOf(error, path), path }, { cause: error });
};

export const damagedItem = (path: string, itemId: string, cause: unknown): HoldfastError =>
  new HoldfastError(
    'IndexUnavailable',
    { detail: `Item ${itemId} in ${path} is damaged; ${remedy}`, path, itemId },
    { cause },
  );

export const indexMissing = (path: string): HoldfastError =>
  new HoldfastError('IndexUnavailable', { detail: `There is no index at ${path}; ${remedy}`, path });

const detailOf = (error: unknown, path: string): string => {
  if (isDiskFull(error, path)) return `There is no space left for ${path}.`;
  if (isDamaged(error) || isUnreadableNumber(error)) return `${path} is damaged; ${remedy}`;
  return `${path}: ${error instanceof Error ? error.message : String(error)}.`;
};

/** A number of a damaged row that no writer of ours stored. */
const isUnreadableNumber = (error: unknown): boolean =>
  error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
