import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { startElasticsearch } from '../../infra/engines/start-elasticsearch.ts';
import type { ConnectionOptions } from '../../services/adapters/elasticsearch/engine-connection.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { found, message, putItems } from '../support/ask-index.ts';
import { makeCertificate } from '../support/certificate.ts';
import { newInstallation, openTestIndex } from '../support/elasticsearch-index.ts';
import { needsEngines } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const open = (connection: ConnectionOptions) =>
  openTestIndex({ installation: newInstallation(), connection });

const refusesWith = (
  connection: ConnectionOptions,
  code: 'InvalidConfig' | 'IndexUnavailable',
  text: RegExp,
) =>
  assert.rejects(open(connection), (error: unknown) => {
    assert.ok(isHoldfastError(error, code), String(error));
    assert.match(error.message, text);
    assert.doesNotMatch(JSON.stringify(error.details) + error.message, /wrong-one|right-one/);
    return true;
  });

describe('a connection to Elasticsearch', () => {
  test('with accounts and TLS is opened with the right ones only', { skip: needsEngines }, async () => {
    await using folder = await temporaryFolder();
    const tls = await makeCertificate(folder.path);
    const security = { name: 'holdfast', password: 'right-one', tls };
    await using node = await startElasticsearch({ lifetime: 'brief', heapMb: 512, security });
    const ca = await readFile(tls.certificatePath, 'utf8');
    const account = { nodes: [node.address], ca, username: 'holdfast', password: 'right-one' };
    await using index = await open(account);
    await putItems(index, message('a', 0));
    assert.equal(await found(index, 'alpha'), 'a');

    const { username: _, password: __, ...stranger } = account;
    await refusesWith({ ...account, password: 'wrong-one' }, 'InvalidConfig', /refused the .*password/);
    await refusesWith(stranger, 'InvalidConfig', /refused/);
    await refusesWith(
      { ...stranger, apiKey: 'd3Jvbmctb25lOnJpZ2h0LW9uZQ==' },
      'InvalidConfig',
      /refused the API key/,
    );
    const { ca: ___, ...untrusting } = account;
    await refusesWith(untrusting, 'IndexUnavailable', /certificate/);
    const plain = [node.address.replace('https', 'http')];
    await refusesWith({ ...account, nodes: plain }, 'IndexUnavailable', /not reached/);
  });

  test('with an API key sends it', async () => {
    const sent: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      sent.push(request.headers.authorization);
      response.writeHead(401, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
      response.end('{"error":{"type":"security_exception"},"status":401}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const nodes = [`http://127.0.0.1:${(server.address() as AddressInfo).port}`];
    await refusesWith({ nodes, apiKey: 'a2V5OnNlY3JldA==' }, 'InvalidConfig', /refused the API key/);
    server.close();
    assert.deepEqual(new Set(sent), new Set(['ApiKey a2V5OnNlY3JldA==']));
  });

  test('with something that is not Elasticsearch, or an old one, says so', async () => {
    const answers = [
      [{ 'content-type': 'text/html' }, '<html>Welcome</html>'],
      [
        { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' },
        '{"nodes":{"x":{"name":"old","version":"8.19.0"}}}',
      ],
    ] as const;
    const patterns = [
      /^The archive index cannot be reached. .*not .*Elasticsearch/,
      /node old: expected 9 or later, found 8.19.0/,
    ];
    for (const [at, [headers, body]] of answers.entries()) {
      const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const nodes = [`http://127.0.0.1:${(server.address() as AddressInfo).port}`];
      await refusesWith({ nodes }, at === 0 ? 'IndexUnavailable' : 'InvalidConfig', patterns[at]!);
      server.close();
    }
  });
});
