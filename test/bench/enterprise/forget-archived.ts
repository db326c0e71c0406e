import { connectKafka } from '../../../services/adapters/kafka/connect-kafka.ts';
import { deleteTopics } from '../../../services/adapters/kafka/topic-administration.ts';
import { topicNames } from '../../../services/adapters/kafka/topic-names.ts';
import { kafkaOptionsOf } from '../../../services/enterprise/open-engines.ts';
import type { EnterpriseInstallation } from '../../support/enterprise-installation.ts';

const generation = 1;

/** Takes index and ledger away, so that the same log is archived anew. */
export const forgetArchived = async ({ settings, loseIndex }: EnterpriseInstallation): Promise<void> => {
  await loseIndex();
  const { installation } = settings.config;
  await using connection = await connectKafka(kafkaOptionsOf(settings));
  const ledgers = (['im', 'governance', 'audit'] as const).map((stream) =>
    topicNames.ledger(installation, stream, generation),
  );
  await deleteTopics(connection, [...ledgers, topicNames.heads(installation)]);
};
