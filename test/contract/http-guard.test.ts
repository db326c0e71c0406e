import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Problem } from '../../schemas/api/problem.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { MemoryArchive } from '../support/memory-archive.ts';
import { rawRequest, type ServedArchive, serveArchive } from '../support/serve-archive.ts';

describe('HTTP refusals', () => {
  const archive = new MemoryArchive(systemClock);
  let served: ServedArchive;
  let host = '';
  before(async () => {
    served = await serveArchive(archive);
    host = new URL(served.url).host;
  });
  after(() => served[Symbol.asyncDispose]());

  const ask = (path: string, init: Parameters<typeof rawRequest>[1] = {}) =>
    rawRequest(`${served.url}${path}`, init);
  const codeOf = ({ text, headers, status }: Awaited<ReturnType<typeof ask>>) => {
    assert.match(String(headers['content-type']), /^application\/problem\+json/, text);
    const problem = Problem.parse(JSON.parse(text));
    assert.equal(problem.status, status);
    assert.equal(problem.type, `urn:holdfast:problem:${problem.code}`);
    return problem.code;
  };

  test('a Host that is not this machine is refused (DNS rebinding)', async () => {
    for (const name of [
      'evil.example',
      'evil.example:80',
      '10.0.0.1',
      '127.0.0.1.evil.example',
      'localhost.evil',
    ])
      assert.equal(codeOf(await ask('/api/v1/coverage', { headers: { host: name } })), 'Forbidden', name);
    for (const name of ['localhost', 'LOCALHOST:9000', '127.0.0.1', '127.1.2.3:1', '[::1]:8080'])
      assert.equal((await ask('/healthz', { headers: { host: name } })).status, 200, name);
  });

  test('an Origin other than the server itself is refused, and no answer allows one', async () => {
    for (const origin of [
      'http://evil.example',
      'null',
      `https://${host}`,
      'http://localhost:1',
      `http://${host}.evil`,
    ]) {
      const answer = await ask('/api/v1/coverage', { headers: { origin } });
      assert.equal(codeOf(answer), 'Forbidden', origin);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
    assert.equal((await ask('/api/v1/coverage', { headers: { origin: `http://${host}` } })).status, 200);
  });

  test('a cross-site request is refused even without an Origin, but a link to the page may be followed', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    assert.equal(codeOf(await ask('/api/v1/coverage', { headers })), 'Forbidden');
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    assert.equal((await ask('/', { headers: link })).status, 200);
    assert.equal(codeOf(await ask('/api/v1/verify', { method: 'POST', headers: link })), 'Forbidden');
  });

  test('a preflight is answered like any method that is not taken', async () => {
    const answer = await ask('/api/v1/search', { method: 'OPTIONS' });
    assert.equal(codeOf(answer), 'MethodNotAllowed');
    assert.equal(answer.headers.allow, 'POST');
    assert.equal((await ask('/api/v1/scope', { method: 'DELETE' })).headers.allow, 'GET, HEAD, PUT');
    assert.equal((await ask('/healthz', { method: 'HEAD' })).status, 200);
  });

  test('an unknown address is a problem, as is one that is no UTF-8', async () => {
    for (const path of [
      '/api/v1/nothing',
      '/API/V1/coverage',
      '/api/v1/coverage/',
      '/page/../http/create-app.ts',
      '/page/%2e%2e%2fmain.ts',
    ])
      assert.equal(codeOf(await ask(path)), 'NotFound', path);
    assert.equal(codeOf(await ask('/api/v1/items/%E0%A4%A')), 'BadRequest');
  });

  test('every answer forbids framing, sniffing, keeping and telling', async () => {
    for (const path of ['/', '/healthz', '/nothing']) {
      const { headers } = await ask(path);
      assert.equal(headers['x-powered-by'], undefined);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cache-control'], 'no-store');
      assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'self';/);
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
    }
  });

  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    ask('/api/v1/search', { method: 'POST', headers, body });

  test('malformed JSON is refused with its place and without its text', async () => {
    const answer = await post('{"query": "secret words",\n "limit": 1x}');
    assert.equal(codeOf(answer), 'BadRequest');
    assert.match(answer.text, /line 2, column 11/);
    assert.doesNotMatch(answer.text, /secret/);
  });

  test('a body that does not fit its schema is refused with every issue', async () => {
    const answer = await post('{"query": 7, "limit": 9999, "lang": "en"}');
    assert.equal(codeOf(answer), 'BadRequest');
    const paths = Problem.parse(JSON.parse(answer.text)).issues?.map(({ path }) => path);
    assert.deepEqual(paths, ['query', 'limit', '']);
  });

  test('bad bodies are refused: prototype names, deep nesting, invalid UTF-8, none at all', async () => {
    assert.equal(codeOf(await post('{"query": "noon", "__proto__": {"limit": 1}}')), 'BadRequest');
    assert.equal(codeOf(await post(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)), 'BadRequest');
    assert.equal(codeOf(await post('')), 'BadRequest');
    const response = await fetch(`${served.url}/api/v1/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    assert.match(await response.text(), /not valid UTF-8/);
  });

  test('a media type, charset or encoding that is not expected is refused', async () => {
    const unexpected: Record<string, string>[] = [
      { 'content-type': 'text/plain' },
      { 'content-type': '' },
      { 'content-type': 'application/json; charset=latin1' },
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ];
    for (const headers of unexpected)
      assert.equal(codeOf(await post('{}', headers)), 'UnsupportedMedia', JSON.stringify(headers));
    const utf8 = { 'content-type': 'Application/JSON; charset="UTF-8"' };
    assert.equal((await post('{"query": "noon"}', utf8)).status, 200);
  });

  test('a body that is too large is refused, announced or not', async () => {
    const large = JSON.stringify({ query: 'noon', purpose: 'x'.repeat(600_000) });
    assert.equal(codeOf(await post(large)), 'TooLarge');
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, duplex: 'half' } as const;
    const chunked = await fetch(`${served.url}/api/v1/search`, {
      ...init,
      body: new Blob([large]).stream(),
    });
    assert.equal(chunked.status, 413);
  });

  test('what a call does not take is refused instead of dropped', async () => {
    assert.equal(codeOf(await ask('/api/v1/coverage?partition=1')), 'BadRequest');
    assert.equal(codeOf(await ask('/api/v1/quarantine?limit=many')), 'BadRequest');
    assert.equal(codeOf(await ask('/api/v1/quarantine?limit=5&limit=6')), 'BadRequest');
    const body = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' };
    assert.equal(codeOf(await ask('/api/v1/verify', body)), 'BadRequest');
  });

  test('a head that is too long or no HTTP is still answered with a problem', async () => {
    const long = await ask('/healthz', { headers: { 'x-long': 'x'.repeat(20_000) } });
    assert.equal(codeOf(long), 'TooLarge');
  });

  test('the purpose comes from the header in UTF-8, or from the body, and reaches the audit', async () => {
    const purposes = () => archive.audited.slice(-1).map(({ caller }) => [caller.actor.id, caller.purpose]);
    const header = { 'content-type': 'application/json', 'holdfast-purpose': encodeURIComponent('조사 7') };
    await post('{"query": "noon"}', header);
    assert.deepEqual(purposes(), [['local-operator', '조사 7']]);
    await post('{"query": "noon", "purpose": "case 8"}', header);
    assert.deepEqual(purposes(), [['local-operator', 'case 8']]);
    for (const purpose of ['%E0', 'x'.repeat(1025)])
      assert.equal(
        codeOf(await post('{"query": "noon"}', { ...header, 'holdfast-purpose': purpose })),
        'BadRequest',
      );
  });

  test('neither queries nor bodies nor addresses reach the log', async () => {
    await post('{"query": "unspeakable"}');
    await post('{"query": "unspeakable');
    await ask('/api/v1/items/unspeakable');
    assert.ok(served.logged.length > 0);
    assert.doesNotMatch(served.logged.join(''), /unspeakable|secret/);
  });

  test('requests, lines and problems are counted for Prometheus', async () => {
    const { text, headers } = await ask('/metrics');
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
    assert.match(
      text,
      /holdfast_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/search",status="200"\} \d/,
    );
    assert.match(
      text,
      /holdfast_http_request_duration_seconds_count\{method="GET",route="none",status="404"\} \d/,
    );
    assert.match(text, /holdfast_http_problems_total\{code="Forbidden"\} \d/);
    assert.match(text, /process_resident_memory_bytes/);
  });
});
