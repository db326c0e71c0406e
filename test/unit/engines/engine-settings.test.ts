import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elasticsearchSettings, userLine } from '../../../infra/engines/elasticsearch-settings.ts';
import { formatWords, kafkaSettings } from '../../../infra/engines/kafka-settings.ts';

const ports = { client: 1, internal: 2, controller: 3 };

test('a broker never makes topics nobody asked for, and an option is stronger than a default', () => {
  const lines = kafkaSettings({ data: '/d', ports, settings: { 'message.max.bytes': 5 } }).split('\n');
  assert.ok(lines.includes('auto.create.topics.enable=false'));
  assert.ok(lines.includes('message.max.bytes=5'));
  assert.ok(!lines.some((line) => line === 'message.max.bytes=9000000'));
  assert.ok(
    lines.includes('listener.security.protocol.map=CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT'),
  );
});

test('clients are sent through a proxy where one is named', () => {
  const text = kafkaSettings({ data: '/d', ports, advertised: '127.0.0.1:77' });
  assert.match(text, /^listeners=CLIENT:\/\/127\.0\.0\.1:1,/m);
  assert.match(text, /^advertised\.listeners=CLIENT:\/\/127\.0\.0\.1:77,/m);
});

test('SASL accounts are in the settings for PLAIN and in the storage for SCRAM', () => {
  const plain = { protocol: 'SASL_PLAINTEXT', mechanism: 'PLAIN', users: { ann: 'pw' } } as const;
  assert.match(
    kafkaSettings({ data: '/d', ports, security: plain }),
    /plain\.PlainLoginModule required user_ann="pw";/,
  );
  assert.ok(!formatWords('id', '/s', plain).join(' ').includes('pw'));
  const scram = { ...plain, mechanism: 'SCRAM-SHA-512' } as const;
  assert.ok(!kafkaSettings({ data: '/d', ports, security: scram }).includes('pw'));
  assert.deepEqual(formatWords('id', '/s', scram).slice(-2), [
    '--add-scram',
    'SCRAM-SHA-512=[name=ann,password=pw]',
  ]);
});

test('the id of a cluster may begin with a dash', () => {
  assert.ok(formatWords('-9VKB8HEYetkACFOzhK1yw', '/s').includes('--cluster-id=-9VKB8HEYetkACFOzhK1yw'));
});

test('a node never makes an index nobody asked for, and is open only where no account is given', () => {
  const options = { folder: '/f', port: 1, transportPort: 2 };
  const open = elasticsearchSettings(options).split('\n');
  assert.ok(open.includes('action.auto_create_index: false'));
  assert.ok(open.includes('xpack.security.enabled: false'));
  const closed = elasticsearchSettings({ ...options, security: { name: 'a', password: 'b' } });
  assert.match(closed, /^xpack\.security\.enabled: true$/m);
  assert.ok(!closed.includes('ssl'));
});

test('the password of the account is not in its line', () => {
  const line = userLine({ name: 'ann', password: 'very secret' });
  assert.match(line, /^ann:\{PBKDF2\}10000\$[\w+/=]{44}\$[\w+/=]{44}\n$/);
  assert.ok(!line.includes('very secret'));
});
