import { isDeepStrictEqual } from 'node:util';
import type { HoldfastError } from '../../core/errors.ts';
import {
  type IndexDefinitionOptions,
  type IndexMeta,
  mappingOfDocuments,
  metaOf,
} from './index-definition.ts';
import { unsuitable } from './index-fault.ts';
import { settingsOf } from './index-settings.ts';

/** An index as `GET /<name>?flat_settings=true` describes it. */
export interface DescribedIndex {
  readonly mappings: Readonly<Record<string, unknown>> & { readonly _meta?: Partial<IndexMeta> };
  readonly settings: Readonly<Record<string, string>>;
  readonly aliases?: Readonly<Record<string, unknown>>;
}

/** Everything in which an index differs from what this program makes. */
export const faultsOf = (
  name: string,
  index: DescribedIndex,
  options: IndexDefinitionOptions,
): readonly HoldfastError[] => [
  ...metaFaults(name, index, options),
  ...mappingFaults(name, index),
  ...settingFaults(name, index, options),
];

const rebuild = '`holdfast rebuild-index` makes a new index from the log.';

const metaFaults = (
  name: string,
  { mappings }: DescribedIndex,
  options: IndexDefinitionOptions,
): HoldfastError[] =>
  Object.entries(metaOf(options))
    .filter(([key, value]) => Object(mappings._meta)[key] !== value)
    .map(([key, value]) =>
      unsuitable({
        what: `${key} of index ${name}`,
        expected: String(value),
        found: String(Object(mappings._meta)[key] ?? 'none'),
        fix: key === 'analyzerVersion' ? rebuild : 'Name the cluster and installation that belong together.',
      }),
    );

const mappingFaults = (name: string, { mappings }: DescribedIndex): HoldfastError[] => {
  const { _meta, ...found } = mappings;
  const expected = leavesOf(mappingOfDocuments);
  const present = leavesOf(found);
  const paths = [...new Set([...expected.keys(), ...present.keys()])];
  const [path] = paths.filter((one) => !isDeepStrictEqual(expected.get(one), present.get(one)));
  if (path === undefined) return [];
  return [
    unsuitable({
      what: `mapping of index ${name} at ${path}`,
      expected: String(expected.get(path) ?? 'nothing'),
      found: String(present.get(path) ?? 'nothing'),
      fix: rebuild,
    }),
  ];
};

const settingFaults = (
  name: string,
  { settings }: DescribedIndex,
  options: IndexDefinitionOptions,
): HoldfastError[] =>
  Object.entries(settingsOf(options.profile)).flatMap(([key, { value, why }]) => {
    const found = settings[key] ?? defaults[key] ?? 'the default';
    if (found === value || (key === 'index.number_of_replicas' && Number(found) >= Number(value))) return [];
    return unsuitable({
      what: `${key} of index ${name}`,
      expected: value,
      found,
      fix: `${why} Set it by PUT ${name}/_settings.`,
    });
  });

/** Where an index does not say, it is this. */
const defaults: Readonly<Record<string, string>> = {
  'index.translog.durability': 'request',
  'index.write.wait_for_active_shards': '1',
};

/** Each value with the path to it. */
const leavesOf = (value: unknown, path = ''): Map<string, unknown> => {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, part]) => [...leavesOf(part, path === '' ? key : `${path}.${key}`)]),
  );
};
