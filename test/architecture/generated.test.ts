import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { elasticsearchMappingOf } from '../../schemas/generators/elasticsearch-mapping.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, 'schemas/generated', name), 'utf8'));

test('generated files are what the schemas say', () => {
  const run = () => execFileSync(process.execPath, ['schemas/generate.ts', '--check'], { cwd: root });
  assert.doesNotThrow(run, 'run `make gen` and commit what it writes');
});

test('every reference in OpenAPI and AsyncAPI leads somewhere', () => {
  for (const name of ['openapi.json', 'asyncapi.json']) {
    const document = read(name);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path]) => path!,
    );
    assert.ok(references.length > 10, name);
    for (const path of references) {
      const target = path.split('/').reduce<unknown>((node, step) => Object(node)[step], document);
      assert.notEqual(target, undefined, `${name}: ${path}`);
    }
  }
});

test('the mapping is strict down to its nested objects', () => {
  const mapping = read('elasticsearch-mapping.json');
  const versions = Object(mapping.properties).versions;
  assert.equal(mapping.dynamic, 'strict');
  assert.equal(versions.type, 'nested');
  assert.equal(versions.dynamic, 'strict');
  assert.equal(versions.properties.body.type, 'text');
});

test('a field without es meta cannot become part of the mapping', () => {
  const document = z.strictObject({ id: z.string().meta({ es: { type: 'keyword' } }), other: z.string() });
  assert.throws(() => elasticsearchMappingOf(document), /other has no es meta/);
});
