import { z } from 'zod';

type FieldMapping = Readonly<Record<string, unknown>>;

/** The mapping of a document by the `es` meta of its fields. Throws for a field without one: nothing is guessed. */
export const elasticsearchMappingOf = (document: z.ZodObject): FieldMapping => ({
  dynamic: 'strict',
  properties: propertiesOf(document, ''),
});

const propertiesOf = (shape: z.ZodObject, path: string): FieldMapping =>
  Object.fromEntries(
    Object.entries(shape.shape).map(([name, field]) => [
      name,
      fieldOf(field as z.ZodType, path === '' ? name : `${path}.${name}`),
    ]),
  );

const fieldOf = (field: z.ZodType, path: string): FieldMapping => {
  const es = field.meta()?.es;
  const inner = innerOf(field);
  if (typeof es === 'object' && es !== null) {
    const core = coreOf(field);
    return core instanceof z.ZodObject
      ? { ...es, dynamic: 'strict', properties: propertiesOf(core, path) }
      : { ...es };
  }
  if (inner === undefined) throw new Error(`${path} has no es meta`);
  return fieldOf(inner, path);
};

/** Elasticsearch knows neither lists nor missing fields as types of their own. */
const innerOf = (field: z.ZodType): z.ZodType | undefined => {
  if (field instanceof z.ZodOptional) return field.unwrap() as z.ZodType;
  if (field instanceof z.ZodArray) return field.element as z.ZodType;
  return undefined;
};

const coreOf = (field: z.ZodType): z.ZodType => {
  const inner = innerOf(field);
  return inner === undefined ? field : coreOf(inner);
};
