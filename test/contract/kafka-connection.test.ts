import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Engine } from '../../infra/engines/run-engine.ts';
import { startKafka } from '../../infra/engines/start-kafka.ts';
import { connectKafka } from '../../services/adapters/kafka/connect-kafka.ts';
import { openTopicStream } from '../../services/adapters/kafka/topic-stream.ts';
import { needsEngines } from '../support/engines.ts';
import { makeKafkaInstallation } from '../support/kafka-installation.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const clientId = 'holdfast-test';
const patienceMs = 1000;

/** Answers every request with this, after its length and correlation id. */
const startPretender = async (answer: Buffer): Promise<Server> => {
  const server = createServer((socket) => {
    socket.on('data', (request: Buffer) => {
      const frame = Buffer.concat([Buffer.alloc(4), request.subarray(8, 12), answer]);
      frame.writeInt32BE(frame.length - 4, 0);
      socket.write(frame);
    });
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const addressOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

/** An answer to ApiVersions 2: every request only in these versions. */
const versionsAnswer = (min: number, max: number): Buffer => {
  const keys = Array.from({ length: 40 }, (_, key) => key);
  const answer = Buffer.alloc(2 + 4 + keys.length * 6 + 4);
  answer.writeInt32BE(keys.length, 2);
  for (const key of keys) {
    answer.writeInt16BE(key, 6 + key * 6);
    answer.writeInt16BE(min, 8 + key * 6);
    answer.writeInt16BE(max, 10 + key * 6);
  }
  return answer;
};

describe('connecting to Kafka', () => {
  test('where nobody listens: said at once, with what to check', async () => {
    const server = await startPretender(Buffer.alloc(0));
    const address = addressOf(server);
    server.close();
    await once(server, 'close');
    await assert.rejects(connectKafka({ brokers: [address], clientId, patienceMs }), {
      code: 'LogUnavailable',
      message: new RegExp(`${address}.*ECONNREFUSED.*Check the brokers' addresses`, 's'),
    });
  });

  test('a server that never answers: given up when patience ends', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const options = { brokers: [addressOf(server)], clientId, patienceMs: 300, requestTimeoutMs: 200 };
    await assert.rejects(connectKafka(options), { code: 'LogUnavailable', message: /timed out/ });
    server.close();
  });

  test('a server that hangs up, or expects no TLS: the error says what to check', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    for (const tls of [undefined, {}]) {
      const options = { brokers: [addressOf(server)], clientId, patienceMs: 300, ...(tls && { tls }) };
      await assert.rejects(connectKafka(options), { code: 'LogUnavailable', message: /Check.*expect TLS/ });
    }
    server.close();
  });

  for (const [what, min, max] of [
    ['too old', 0, 1],
    ['too new', 90, 99],
  ] as const) {
    test(`a broker ${what} for us is named, not waited for`, async () => {
      const server = await startPretender(versionsAnswer(min, max));
      const address = addressOf(server);
      await assert.rejects(connectKafka({ brokers: [address], clientId, patienceMs: 600_000 }), {
        code: 'LogUnavailable',
        message: new RegExp(`${address} does not understand .*Kafka 2.3 to 4.x`),
      });
      server.close();
    });
  }

  test('one broker of those named is enough', { skip: needsEngines }, async () => {
    const { connection } = await makeKafkaInstallation({ topicsOf: () => [] });
    const brokers = ['127.0.0.1:1', ...connection.options.brokers];
    await connection[Symbol.asyncDispose]();
    await using other = await connectKafka({ brokers, clientId });
    assert.equal(other.closing.aborted, false);
  });
});

const hasOpenssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();

const skipSecure = needsEngines || (!hasOpenssl && 'openssl is not here to make a certificate');

describe('connecting to Kafka with TLS and a password', { skip: skipSecure }, () => {
  let folder: TemporaryFolder;
  let broker: Engine;
  let ca: Buffer;
  const username = 'holdfast';
  const password = 'a-password-of-a-test';

  before(async () => {
    folder = await temporaryFolder();
    const [key, certificate, both] = ['key.pem', 'certificate.pem', 'both.pem'].map((n) =>
      join(folder.path, n),
    );
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    const files = ['-keyout', key!, '-out', certificate!];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
      {
        stdio: 'ignore',
      },
    );
    ca = readFileSync(certificate!);
    writeFileSync(both!, Buffer.concat([readFileSync(key!), ca]));
    broker = await startKafka({
      lifetime: 'brief',
      security: {
        protocol: 'SASL_SSL',
        mechanism: 'SCRAM-SHA-512',
        users: { [username]: password },
        keyAndCertificatePath: both!,
      },
    });
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const sasl = (secret: string) => ({ mechanism: 'scram-sha-512' as const, username, password: secret });

  test('with both, records are appended, read and followed', async () => {
    const topicsOf = (id: string) => [
      { topic: `holdfast.${id}.heads`, kind: 'record' as const, partitions: 1 },
    ];
    await using made = await makeKafkaInstallation({
      brokers: [broker.address],
      tls: { ca },
      sasl: sasl(password),
      topicsOf,
    });
    await using stream = openTopicStream(made.connection, made.topics[0]!);
    const stop = new AbortController();
    await stream.append([{ partition: 0, key: 'k', value: Buffer.from('secret') }]);
    await assert.rejects(async () => {
      for await (const [found] of stream.read(
        { partition: 0, offset: 0 },
        { follow: true, signal: stop.signal },
      )) {
        assert.equal(Buffer.from(found!.value!).toString(), 'secret');
        stop.abort(new Error('seen'));
      }
    }, /seen/);
  });

  test('a wrong password is refused at once, and the error does not tell it', async () => {
    const options = { brokers: [broker.address], clientId, tls: { ca }, sasl: sasl('wrong-word') };
    await assert.rejects(connectKafka({ ...options, patienceMs: 600_000 }), (error: Error) => {
      assert.match(error.message, /Check the user name, the password and the SASL mechanism/);
      assert.ok(!JSON.stringify(error).includes('wrong-word'));
      return true;
    });
  });

  test('a mechanism the broker does not know is named', async () => {
    const plain = { mechanism: 'plain' as const, username, password };
    const options = { brokers: [broker.address], clientId, tls: { ca }, sasl: plain };
    await assert.rejects(connectKafka({ ...options, patienceMs: 600_000 }), {
      code: 'LogUnavailable',
      message: /not support the requested SASL mechanism.*Check/,
    });
  });

  test('without TLS, or without trust in the certificate, the error says what to check', async () => {
    for (const tls of [undefined, {}]) {
      const options = { brokers: [broker.address], clientId, patienceMs, sasl: sasl(password) };
      await assert.rejects(connectKafka({ ...options, ...(tls && { tls }) }), {
        code: 'LogUnavailable',
        message: tls ? /self-signed certificate.*Check/ : /Check.*TLS/,
      });
    }
  });
});
