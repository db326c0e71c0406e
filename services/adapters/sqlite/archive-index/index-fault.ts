import { HoldfastError, isHoldfastError } from '../../../core/errors.ts';
import { isDamaged, isDiskFull, isEngineError, isFileError } from '../fault.ts';

const remedy = '`holdfast rebuild-index` makes a new one from the log.';

/** Translates what SQLite and the file system say at the index's port. */
export const toIndexFault = (error: unknown, path: string): unknown => {
  if (!isEngineError(error) && !isFileError(error) && !isUnreadableNumber(error)) return error;
  return new HoldfastError('IndexUnavailable', { detail: detailOf(error, path), path }, { cause: error });
};

export const otherVersion = (path: string, found: number, expected: number): HoldfastError =>
  new HoldfastError('IndexUnavailable', {
    detail: `${path} is of version ${found}, this program reads version ${expected}; ${remedy}`,
    path,
    damaged: true,
  });

/** Whether the file itself is the trouble, so that a new one would help. */
export const isDamagedIndex = (error: unknown): boolean =>
  isHoldfastError(error, 'IndexUnavailable') ? error.details.damaged === true : isDamaged(error);

export const damagedItem = (path: string, itemId: string, cause: unknown): HoldfastError =>
  new HoldfastError(
    'IndexUnavailable',
    { detail: `Item ${itemId} in ${path} is damaged; ${remedy}`, path, itemId },
    { cause },
  );

export const indexMissing = (path: string): HoldfastError =>
  new HoldfastError('IndexUnavailable', {
    detail: `There is no index at ${path}.`,
    action: '`holdfast rebuild-index` makes one from the log, as does the next start of `holdfast serve`.',
    path,
  });

const detailOf = (error: unknown, path: string): string => {
  if (isDiskFull(error, path)) return `There is no space left for ${path}.`;
  if (isDamaged(error) || isUnreadableNumber(error)) return `${path} is damaged; ${remedy}`;
  return `${path}: ${error instanceof Error ? error.message : String(error)}.`;
};

/** A number of a damaged row that no writer of ours stored. */
const isUnreadableNumber = (error: unknown): boolean =>
  error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
