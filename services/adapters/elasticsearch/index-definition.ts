import mapping from '../../../schemas/generated/elasticsearch-mapping.json' with { type: 'json' };
import { analyzerVersion } from '../../core/analysis/analyzer-version.ts';
import { generation } from './index-names.ts';
import { type IndexProfile, settingsOf, shardsOf } from './index-settings.ts';

export interface IndexDefinitionOptions {
  readonly installation: string;
  readonly partitions: number;
  readonly profile: IndexProfile;
  /** Default: 3 in production, else 1. */
  readonly shards?: number;
}

/** Says in the index itself what it was made for. */
export interface IndexMeta {
  readonly installation: string;
  readonly generation: number;
  readonly partitions: number;
  readonly analyzerVersion: number;
  /** Of an index that is being filled: changed again and again while its rebuild is alive. */
  readonly beat?: string;
}

export const metaOf = ({ installation, partitions }: IndexDefinitionOptions): IndexMeta => ({
  installation,
  generation,
  partitions,
  analyzerVersion,
});

export const mappingOfDocuments: Readonly<Record<string, unknown>> = mapping;

/** The body that makes an index. */
export const indexDefinition = (options: IndexDefinitionOptions, meta: IndexMeta): object => ({
  settings: {
    'index.number_of_shards': options.shards ?? shardsOf(options.profile),
    ...Object.fromEntries(
      Object.entries(settingsOf(options.profile)).map(([name, { value }]) => [name, value]),
    ),
  },
  mappings: { ...mappingOfDocuments, _meta: meta },
});
