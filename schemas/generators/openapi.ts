import type { z } from 'zod';
import { Problem } from '../api/problem.ts';
import { commonRefusals, type Route, routes } from '../api/routes.ts';
import { type JsonSchema, SchemaCollection } from './json-schemas.ts';

/** What the error table says of a code. */
export type ErrorRow = { readonly status: number; readonly summary: string };

/** OpenAPI 3.1 of the route table. Throws when a route names a code the error table does not have. */
export const openapiOf = (
  version: string,
  errors: Readonly<Record<string, ErrorRow>>,
): Readonly<Record<string, unknown>> => {
  const schemas = new SchemaCollection('#/components/schemas/');
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method] = operationOf(operationId, route, schemas, errors);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version,
      summary: 'Compliance archive and search for instant messaging and mail.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:8080', description: 'Loopback only, until sign-in exists.' }],
    paths,
    components: {
      schemas: schemas.all(),
      securitySchemes: {
        installationToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token in server.json of the data folder.',
        },
      },
    },
  };
};

const operationOf = (
  operationId: string,
  route: Route,
  schemas: SchemaCollection,
  errors: Readonly<Record<string, ErrorRow>>,
): Readonly<Record<string, unknown>> => {
  const parameters = [
    ...parametersOf('path', route.params, schemas),
    ...parametersOf('query', route.query, schemas),
    ...(route.path.startsWith('/api/') ? [purposeHeader] : []),
  ];
  return {
    operationId,
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            description: `At most ${route.body.maxBytes} bytes.`,
            content: contentOf(route.body.mediaTypes, schemas.refer(route.body.schema)),
          },
        }),
    responses: { ...answersOf(route, schemas), ...refusalsOf(route, schemas, errors) },
    ...(route.admin ? { security: [{ installationToken: [] }] } : {}),
  };
};

const purposeHeader = {
  name: 'Holdfast-Purpose',
  in: 'header',
  required: false,
  description: 'Why, as percent-encoded UTF-8; kept in the audit stream.',
  schema: { type: 'string' },
};

const parametersOf = (
  where: 'path' | 'query',
  shape: z.ZodObject | undefined,
  schemas: SchemaCollection,
): Readonly<Record<string, unknown>>[] =>
  Object.entries(shape?.shape ?? {}).map(([name, field]) => {
    const schema = schemas.refer(field as z.ZodType);
    return { name, in: where, required: where === 'path', schema };
  });

const contentOf = (mediaTypes: readonly string[], schema: JsonSchema): Readonly<Record<string, unknown>> =>
  Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }]));

const answersOf = (route: Route, schemas: SchemaCollection): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, mediaType, schema }]) => [
      status,
      { description, content: contentOf([mediaType], schemas.refer(schema)) },
    ]),
  );

const refusalsOf = (
  route: Route,
  schemas: SchemaCollection,
  errors: Readonly<Record<string, ErrorRow>>,
): Record<string, unknown> => {
  const problem = contentOf(['application/problem+json'], schemas.refer(Problem));
  const codes = new Map<number, string[]>();
  for (const code of [...commonRefusals, ...route.refusals]) {
    const row = errors[code];
    if (row === undefined) throw new Error(`${route.path} names ${code}, which is not in the error table`);
    codes.set(row.status, [...(codes.get(row.status) ?? []), `${code}: ${row.summary}`]);
  }
  const refusals = Object.fromEntries(
    [...codes]
      .filter(([status]) => route.answers[status] === undefined)
      .map(([status, lines]) => [status, { description: lines.join(' '), content: problem }]),
  );
  return { ...refusals, default: { description: 'Any other problem.', content: problem } };
};
