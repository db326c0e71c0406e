import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { type Route, routes } from '../../schemas/api/routes.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { errorTable } from '../../services/core/errors.ts';
import { createApp } from '../../services/search-api/http/create-app.ts';
import { createHttpMetrics } from '../../services/search-api/http/http-metrics.ts';
import { readOpenapi } from '../../services/search-api/http/openapi-document.ts';
import { MemoryArchive } from '../support/memory-archive.ts';

const mounted = (): string[] => {
  const clock = new MemoryClock();
  const { express } = createApp({
    archive: new MemoryArchive(clock),
    token: 'token',
    log: pino({ level: 'silent' }),
    metrics: createHttpMetrics(),
    openapi: readOpenapi(),
    clock,
    random: new SeededRandom('routes'),
  });
  return express.router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : // What `all` adds, the answer 405, has no method.
        route.stack.flatMap(({ method }) => (method === undefined ? [] : [`${method} ${route.path}`])),
  );
};

test('every Express route is in OpenAPI, and every operation of OpenAPI is mounted', () => {
  const { paths } = JSON.parse(readOpenapi()) as { paths: Record<string, Record<string, unknown>> };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  assert.deepEqual(mounted().sort(), described.sort());
  assert.ok(described.length >= 20);
});

test('every path parameter is described, and a body is bounded', () => {
  for (const route of Object.values<Route>(routes)) {
    const named = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    assert.deepEqual(Object.keys(route.params?.shape ?? {}), named, route.path);
    assert.ok(route.body === undefined || route.body.maxBytes > 0, route.path);
  }
});

test('calls that change how the archive is run need the token', () => {
  const admin = Object.values<Route>(routes).filter((route) => route.admin);
  assert.deepEqual(admin.map(({ method, path }) => `${method} ${path}`).sort(), [
    'post /api/v1/notes',
    'post /api/v1/quarantine/retry',
    'post /api/v1/rebuild-index',
    'put /api/v1/scope',
  ]);
  for (const { refusals, path } of admin) assert.ok(refusals.includes('Unauthorized'), path);
});

test('refusals of the route table are codes of the error table', () => {
  const codes = Object.values<Route>(routes).flatMap(({ refusals }) => refusals);
  assert.deepEqual(
    codes.filter((code) => !Object.hasOwn(errorTable, code)),
    [],
  );
});
