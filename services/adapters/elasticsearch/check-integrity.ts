import type { IndexFault } from '../../ports/archive-index.ts';
import type { Engine } from './engine.ts';
import type { IndexDefinitionOptions } from './index-definition.ts';

export const checkIndexIntegrity = async (
  _engine: Engine,
  _options: IndexDefinitionOptions,
): Promise<readonly IndexFault[]> => [];
