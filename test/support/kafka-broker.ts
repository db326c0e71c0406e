import type { Engine } from '../../infra/engines/run-engine.ts';
import { startKafka } from '../../infra/engines/start-kafka.ts';
import { type KafkaProxy, startKafkaProxy } from './kafka-proxy.ts';

export interface ProxiedBroker extends AsyncDisposable {
  readonly engine: Engine;
  readonly proxy: KafkaProxy;
}

/** A broker of a test's own that can be reached through the proxy alone. */
export const startProxiedBroker = async (): Promise<ProxiedBroker> => {
  const proxy = await startKafkaProxy();
  try {
    const engine = await startKafka({ lifetime: 'brief', advertised: proxy.address });
    proxy.forwardTo(engine.port);
    return {
      engine,
      proxy,
      [Symbol.asyncDispose]: async () => {
        await engine[Symbol.asyncDispose]();
        await proxy[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await proxy[Symbol.asyncDispose]();
    throw error;
  }
};
