import { liveEngines } from '../../infra/engines/running-engines.ts';

/** Where a client finds the engines of this test run. */
export interface EngineAddresses {
  /** `host:port` */
  readonly kafka: string;
  /** URL */
  readonly elasticsearch: string;
}

/** Those the test runner named, else those `make engines-up` left running. */
export const engines = (): EngineAddresses | undefined => {
  const { HOLDFAST_TEST_KAFKA: kafka, HOLDFAST_TEST_ELASTICSEARCH: elasticsearch } = process.env;
  if (kafka && elasticsearch) return { kafka, elasticsearch };
  const running = liveEngines();
  return running && { kafka: running.kafka.address, elasticsearch: running.elasticsearch.address };
};

/** For `{ skip: needsEngines }`: false where they run, else the one line that says what is missing. */
export const needsEngines: string | false =
  engines() === undefined &&
  (process.env.HOLDFAST_TEST_ENGINES_MISSING || 'Kafka and Elasticsearch do not run here: make engines-up');
