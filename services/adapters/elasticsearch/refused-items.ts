import { HoldfastError } from '../../core/errors.ts';
import type { EngineError } from './engine-error.ts';

export interface RefusedItem {
  readonly id: string;
  readonly error: EngineError;
}

const maxNamed = 10;

/** For items that the engine will never take as they are. Its reasons quote what is stored: only the field is shown. */
export const refusedItems = (refused: readonly RefusedItem[]): HoldfastError => {
  const [first] = refused;
  const more = refused.length > 1 ? ` and ${refused.length - 1} more` : '';
  return new HoldfastError('BadRequest', {
    detail: `Elasticsearch does not take item ${first?.id}${more}: ${reasonOf(first?.error)}. All others were stored.`,
    itemId: first?.id,
    items: refused.slice(0, maxNamed).map(({ id, error }) => ({ itemId: id, reason: reasonOf(error) })),
  });
};

const reasonOf = (error: EngineError | undefined): string => {
  const field = /field[ =]?["[]+([\w.]+)/.exec(error?.reason ?? '')?.[1];
  return `${error?.status} ${error?.type}${field === undefined ? '' : ` in field ${field}`}`;
};
