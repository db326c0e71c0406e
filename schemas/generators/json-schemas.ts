import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The id a schema carries in its meta; it names files and components. */
export const idOf = (schema: z.ZodType): string | undefined => z.globalRegistry.get(schema)?.id;

/** zod's own name for the recursive value of `z.json()`, the only recursive schema here. */
const recursiveName = '__schema0';
const jsonValueName = 'JsonValue';

/** A JSON Schema that stands alone: what it refers to is in its `$defs`. Describes what a sender writes. */
export const standaloneSchema = (schema: z.ZodType): JsonSchema => {
  const { '~standard': _standard, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return JSON.parse(JSON.stringify(json).replaceAll(recursiveName, jsonValueName));
};

/** Collects schemas under the names of their ids, for documents that share them, and refers to them there. */
export class SchemaCollection {
  readonly #byId = new Map<string, JsonSchema>();
  readonly #prefix: string;

  /** `prefix`: where the document keeps them, like `#/components/schemas/`. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** A reference to the schema, or the schema itself when it has no id. */
  refer(schema: z.ZodType): JsonSchema {
    const { $schema: _dialect, $defs, ...json } = this.#relocated(standaloneSchema(schema));
    for (const [id, definition] of Object.entries($defs ?? {})) this.#keep(id, definition);
    return json;
  }

  /** Everything referred to so far, sorted by id. */
  all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#byId].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #relocated(json: JsonSchema): Record<string, unknown> & { $defs?: Record<string, JsonSchema> } {
    return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', `"${this.#prefix}`));
  }

  #keep(id: string, definition: JsonSchema): void {
    const known = this.#byId.get(id);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition))
      throw new Error(`two schemas have the id ${id}`);
    this.#byId.set(id, definition);
  }
}
