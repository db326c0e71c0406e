import type { z } from 'zod';
import { type Route, routes } from '../api/routes.ts';
import { ElasticsearchDocument } from '../archive/index-document.ts';
import { asyncapiOf, streams } from './asyncapi.ts';
import { elasticsearchMappingOf } from './elasticsearch-mapping.ts';
import { type DocumentedError, errorsPageOf } from './errors-page.ts';
import { idOf, standaloneSchema } from './json-schemas.ts';
import { openapiOf } from './openapi.ts';

/** Everything made from the schemas and the error table: path from the root of the project to text. */
export const generatedFiles = (
  version: string,
  errors: Readonly<Record<string, DocumentedError>>,
): ReadonlyMap<string, string> => {
  const events = Object.values(streams).flatMap((stream) => stream.messages);
  const bodies = Object.values<Route>(routes).flatMap(({ body, answers }) => [
    ...(body === undefined ? [] : [body.schema]),
    ...Object.values(answers).map((answer) => answer.schema),
  ]);
  return new Map([
    ...schemaFiles('events', events),
    ...schemaFiles('api', bodies),
    ['schemas/generated/openapi.json', textOf(openapiOf(version, errors))],
    ['schemas/generated/asyncapi.json', textOf(asyncapiOf(version))],
    ['schemas/generated/elasticsearch-mapping.json', textOf(elasticsearchMappingOf(ElasticsearchDocument))],
    ['docs/errors.md', errorsPageOf(errors)],
  ]);
};

const textOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** One file a schema with an id; texts and other nameless bodies have none. */
const schemaFiles = (folder: string, schemas: readonly z.ZodType[]): [string, string][] =>
  schemas.flatMap((schema): [string, string][] => {
    const id = idOf(schema);
    return id === undefined
      ? []
      : [[`schemas/generated/${folder}/${id}.json`, textOf(standaloneSchema(schema))]];
  });
