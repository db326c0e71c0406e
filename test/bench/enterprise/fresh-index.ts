import {
  type IndexDefinitionOptions,
  indexDefinition,
  metaOf,
} from '../../../services/adapters/elasticsearch/index-definition.ts';
import { ask } from './ask.ts';

export interface FreshIndex extends AsyncDisposable {
  readonly name: string;
}

/** An empty index with the very settings and mapping of the archive's own. */
export const makeFreshIndex = async (url: string, options: IndexDefinitionOptions): Promise<FreshIndex> => {
  const name = `holdfast-${options.installation}-bench`;
  await ask(url, ['PUT', `/${name}`], indexDefinition(options, metaOf(options)));
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await ask(url, ['DELETE', `/${name}`]);
    },
  };
};
