import { HoldfastError } from '../../core/errors.ts';
import type { IndexRebuild } from '../../ports/archive-index.ts';
import type { Engine } from './engine.ts';
import type { IndexDefinitionOptions } from './index-definition.ts';

export const beginRebuild = async (
  _engine: Engine,
  _options: IndexDefinitionOptions,
): Promise<IndexRebuild> => {
  throw new HoldfastError('Internal', {});
};
