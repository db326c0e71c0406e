import { EnginesMissing } from '../../../infra/engines/engines-missing.ts';
import { liveEngines } from '../../../infra/engines/running-engines.ts';
import { startBoth } from '../../../infra/engines/start-both.ts';
import { elasticsearchVersion, kafkaVersion } from '../../../infra/engines/versions.ts';

export interface BenchEngine {
  readonly address: string;
  /** Of its process group; absent where somebody else started it. */
  readonly pid?: number;
  /** Where it keeps its data; absent likewise. */
  readonly folder?: string;
}

export interface BenchEngines extends AsyncDisposable {
  readonly kafka: BenchEngine;
  readonly elasticsearch: BenchEngine;
  /** Versions and heaps, for the heading. */
  readonly description: string;
}

/** What infra/engines starts them with. */
const own = `Kafka ${kafkaVersion} (heap 512 MB), Elasticsearch ${elasticsearchVersion} (heap 1 GB)`;

/**
 * The engines that the environment names, else those of `make engines-up`, else new ones that end with this run. Where
 * this machine cannot run them: the line that says why.
 */
export const openBenchEngines = async (): Promise<BenchEngines | string> => {
  const { HOLDFAST_TEST_KAFKA: kafka, HOLDFAST_TEST_ELASTICSEARCH: elasticsearch } = process.env;
  if (kafka && elasticsearch)
    return {
      kafka: { address: kafka },
      elasticsearch: { address: elasticsearch },
      description: 'engines of the environment, heaps unknown',
      [Symbol.asyncDispose]: async () => undefined,
    };
  const running = liveEngines();
  if (running !== undefined)
    return { ...running, description: own, [Symbol.asyncDispose]: async () => undefined };
  try {
    const both = await startBoth();
    return {
      kafka: both.kafka,
      elasticsearch: both.elasticsearch,
      description: own,
      [Symbol.asyncDispose]: () => both[Symbol.asyncDispose](),
    };
  } catch (error) {
    if (error instanceof EnginesMissing) return error.message;
    throw error;
  }
};
