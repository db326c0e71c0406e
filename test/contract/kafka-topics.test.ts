import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { development, production } from '../../infra/kafka/topic-settings.ts';
import { ensureTopics } from '../../services/adapters/kafka/ensure-topics.ts';
import { createTopics } from '../../services/adapters/kafka/topic-administration.ts';
import type { HoldfastError } from '../../services/core/errors.ts';
import { needsEngines } from '../support/engines.ts';
import { logTopics, makeKafkaInstallation } from '../support/kafka-installation.ts';

const profile = development;

describe('topics on Kafka', { skip: needsEngines }, () => {
  test('what is missing is made, and found as it should be ever after', async () => {
    await using made = await makeKafkaInstallation({ profile });
    const wanted = logTopics(made.installation);
    assert.deepEqual(await ensureTopics(made.connection, wanted, profile), { created: [] });
  });

  test('two processes that start at once make them together', async () => {
    await using made = await makeKafkaInstallation({ profile });
    const wanted = logTopics(made.installation).map((topic) => ({ ...topic, topic: `${topic.topic}.again` }));
    made.topics.push(...wanted.map(({ topic }) => topic));
    const ensured = await Promise.all([1, 2, 3].map(() => ensureTopics(made.connection, wanted, profile)));
    assert.equal(ensured.length, 3);
  });

  const weakened: readonly {
    readonly setting: string;
    readonly index: number;
    readonly value: string;
    readonly expected: RegExp;
  }[] = [
    { setting: 'cleanup.policy', index: 0, value: 'delete', expected: /expected compact, because/ },
    { setting: 'cleanup.policy', index: 0, value: 'compact,delete', expected: /expected compact, because/ },
    { setting: 'segment.ms', index: 0, value: '604800000', expected: /expected at most 3600000/ },
    { setting: 'cleanup.policy', index: 1, value: 'compact', expected: /expected delete/ },
    { setting: 'retention.ms', index: 1, value: '604800000', expected: /expected -1/ },
    { setting: 'retention.bytes', index: 2, value: '1073741824', expected: /expected -1/ },
    { setting: 'message.timestamp.type', index: 1, value: 'CreateTime', expected: /expected LogAppendTime/ },
    { setting: 'unclean.leader.election.enable', index: 1, value: 'true', expected: /expected false/ },
    { setting: 'max.message.bytes', index: 0, value: '1000000', expected: /expected at least 2097152/ },
  ];
  for (const { setting, index, value, expected } of weakened) {
    test(`${setting}=${value} on ${index === 0 ? 'data' : 'a stream of records'} is refused`, async () => {
      await using made = await makeKafkaInstallation({ topicsOf: () => [] });
      const wanted = logTopics(made.installation);
      const { topic, kind, partitions } = wanted[index]!;
      made.topics.push(topic);
      const settings = Object.entries(profile.kinds[kind]).map(([name, wants]) => [name, wants.value]);
      const weak = { ...Object.fromEntries(settings), [setting]: value };
      await createTopics(made.connection, [{ topic, partitions, replicationFactor: 1, settings: weak }]);
      await assert.rejects(
        ensureTopics(made.connection, [wanted[index]!], profile),
        (error: HoldfastError) => {
          assert.equal(error.code, 'InvalidConfig');
          assert.match(error.message, expected);
          assert.ok(error.message.includes(`${topic}: ${setting} is ${value}, expected`));
          assert.match(error.message, new RegExp(`--entity-name ${topic} --add-config ${setting}=`));
          assert.equal((error.details.faults as unknown[]).length, 1);
          return true;
        },
      );
    });
  }

  test('another number of partitions, and too few replicas, are refused together', async () => {
    await using made = await makeKafkaInstallation({ profile });
    const [im, ...others] = logTopics(made.installation);
    const stricter = { ...profile, replicationFactor: 3 };
    await assert.rejects(
      ensureTopics(made.connection, [{ ...im!, partitions: 12 }, ...others], stricter),
      (error: HoldfastError) => {
        assert.equal(error.code, 'InvalidConfig');
        assert.match(error.message, /partitions is 4, expected 12/);
        assert.match(error.message, /replication factor is 1, expected at least 3/);
        return true;
      },
    );
  });

  test('a stronger topic than asked for is fine', async () => {
    await using made = await makeKafkaInstallation();
    await ensureTopics(made.connection, logTopics(made.installation), profile);
  });

  test('the production profile on one broker says that it needs three', async () => {
    await using made = await makeKafkaInstallation({ topicsOf: () => [], patienceMs: 1_000 });
    await assert.rejects(ensureTopics(made.connection, logTopics(made.installation), production), {
      code: 'InvalidConfig',
      message: /needs 3 brokers/,
    });
  });
});
