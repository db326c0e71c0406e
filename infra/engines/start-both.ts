import type { EngineLifetime } from './engine-lifetime.ts';
import { freePort } from './free-port.ts';
import type { Engine } from './run-engine.ts';
import { startElasticsearch } from './start-elasticsearch.ts';
import { startKafka } from './start-kafka.ts';

export interface BothOptions {
  readonly lifetime?: EngineLifetime;
  /** Kept; left out: temporary ones. */
  readonly kafkaFolder?: string;
  readonly elasticsearchFolder?: string;
  /** They go on running after this process, on the usual ports where those are free. */
  readonly outlive?: boolean;
}

export interface BothEngines extends AsyncDisposable {
  readonly kafka: Engine;
  readonly elasticsearch: Engine;
}

/** Both at once; if one does not start, the other is stopped and the first reason thrown. */
export const startBoth = async (options: BothOptions = {}): Promise<BothEngines> => {
  const outlives = options.outlive ?? false;
  const { kafkaFolder, elasticsearchFolder, lifetime = 'lasting' } = options;
  const [kafka, elasticsearch] = await Promise.allSettled([
    startKafka({
      lifetime,
      outlives,
      port: await freePort(outlives ? 9092 : undefined),
      ...(kafkaFolder === undefined ? {} : { folder: kafkaFolder }),
    }),
    startElasticsearch({
      lifetime,
      outlives,
      port: await freePort(outlives ? 9200 : undefined),
      ...(elasticsearchFolder === undefined ? {} : { folder: elasticsearchFolder }),
    }),
  ]);
  if (kafka.status === 'fulfilled' && elasticsearch.status === 'fulfilled') {
    const both = [kafka.value, elasticsearch.value] as const;
    return {
      kafka: both[0],
      elasticsearch: both[1],
      [Symbol.asyncDispose]: async () => {
        await Promise.all(both.map((engine) => engine[Symbol.asyncDispose]()));
      },
    };
  }
  for (const started of [kafka, elasticsearch])
    if (started.status === 'fulfilled') await started.value[Symbol.asyncDispose]();
  throw kafka.status === 'rejected' ? kafka.reason : (elasticsearch as PromiseRejectedResult).reason;
};
