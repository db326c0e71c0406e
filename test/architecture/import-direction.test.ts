import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const sources = globSync('{schemas,services}/**/*.ts', { cwd: root });

/** Which first-party layers a layer may import. Composition roots may import everything. */
const allowed: Record<string, readonly string[]> = {
  schemas: ['schemas'],
  core: ['schemas', 'core'],
  ports: ['schemas', 'core', 'ports'],
  adapters: ['schemas', 'core', 'ports', 'adapters'],
  service: ['schemas', 'core', 'ports', 'service'],
};
/** Pure computation that core may take from node. */
const pureBuiltins = new Set(['crypto', 'buffer', 'util']);

const layerOf = (path: string): string => {
  const [top, second] = path.split('/');
  if (top === 'schemas') return 'schemas';
  return second !== undefined && second in allowed ? second : 'service';
};

const isCompositionRoot = (path: string): boolean =>
  /(^|\/)(main|compose|[a-z-]+-thread)\.ts$/.test(path) ||
  path.startsWith('services/standard/') ||
  path.startsWith('services/enterprise/') ||
  path === 'schemas/generate.ts';

const importsOf = (path: string): string[] =>
  [
    ...readFileSync(join(root, path), 'utf8').matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? '');

test('imports follow schemas ← core ← ports ← adapters, and services see core and ports only', () => {
  const wrong: string[] = [];
  for (const path of sources.filter((source) => !isCompositionRoot(source))) {
    const layer = layerOf(path);
    for (const target of importsOf(path).filter((name) => name.startsWith('.'))) {
      const targetPath = relative(root, normalize(join(root, dirname(path), target)));
      if (!allowed[layer]?.includes(layerOf(targetPath))) wrong.push(`${path} imports ${targetPath}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('core and schemas take no I/O, clock or randomness', () => {
  const wrong: string[] = [];
  for (const path of sources.filter(
    (source) => ['core', 'schemas'].includes(layerOf(source)) && !isCompositionRoot(source),
  )) {
    for (const name of importsOf(path)) {
      const bare = name.replace(/^node:/, '');
      if (builtinModules.includes(bare) && !pureBuiltins.has(bare)) wrong.push(`${path} imports ${name}`);
    }
    const text = readFileSync(join(root, path), 'utf8');
    if (/\bDate\.now\(|new Date\(\)|Math\.random\(|randomBytes|randomUUID/.test(text))
      wrong.push(`${path} reads the clock or randomness`);
  }
  assert.deepEqual(wrong, []);
});

test('vendor engines are imported by their adapter alone', () => {
  const homes: Record<string, string> = {
    'node:sqlite': 'services/adapters/',
    kafkajs: 'services/adapters/kafka/',
    '@elastic/elasticsearch': 'services/adapters/elasticsearch/',
  };
  const wrong = sources.flatMap((path) =>
    importsOf(path)
      .filter((name) => homes[name] !== undefined && !path.startsWith(homes[name]))
      .map((name) => `${path} imports ${name}`),
  );
  assert.deepEqual(wrong, []);
});
