import assert from 'node:assert/strict';
import { test } from 'node:test';
import kafkajs from 'kafkajs';
import { retrying } from '../../services/adapters/kafka/retrying.ts';

test('what is thrown in the end is the last failure that says more than that there was no answer', async () => {
  const failures = [
    new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED 127.0.0.1:1'),
    new kafkajs.KafkaJSConnectionError('self-signed certificate'),
    new kafkajs.KafkaJSConnectionError('Connection timeout'),
    new kafkajs.KafkaJSRequestTimeoutError('Request Metadata(key: 3, version: 6) timed out'),
  ];
  const patience = { untilMs: Number.POSITIVE_INFINITY };
  const attempts = failures.values();
  let attempted = 0;
  const ended = retrying(patience, async () => {
    attempted += 1;
    if (attempted === failures.length) patience.untilMs = 0;
    throw attempts.next().value;
  });
  await assert.rejects(ended, /self-signed certificate/);
  assert.equal(attempted, failures.length);
});
