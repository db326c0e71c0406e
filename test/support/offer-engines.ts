import { EnginesMissing } from '../../infra/engines/engines-missing.ts';
import { startBoth } from '../../infra/engines/start-both.ts';
import { engines } from './engines.ts';

export interface OfferedEngines extends AsyncDisposable {
  /** What the test processes are told, see engines.ts. */
  readonly env: Readonly<Record<string, string>>;
  /** Where this machine has all it takes and the engines did not start nonetheless. */
  readonly failure?: unknown;
}

const nothingToStop = async (): Promise<void> => undefined;

const absent = (reason: string, failure?: unknown): OfferedEngines => ({
  env: { HOLDFAST_TEST_ENGINES_MISSING: reason },
  ...(failure === undefined ? {} : { failure }),
  [Symbol.asyncDispose]: nothingToStop,
});

/** The engines that run already, else ones started for this run; or the reason why there are none. Does not throw. */
export const offerEngines = async (): Promise<OfferedEngines> => {
  if (engines() !== undefined) return { env: {}, [Symbol.asyncDispose]: nothingToStop };
  try {
    const both = await startBoth({ lifetime: 'brief' });
    return {
      env: {
        HOLDFAST_TEST_KAFKA: both.kafka.address,
        HOLDFAST_TEST_ELASTICSEARCH: both.elasticsearch.address,
      },
      [Symbol.asyncDispose]: () => both[Symbol.asyncDispose](),
    };
  } catch (error) {
    if (error instanceof EnginesMissing) return absent(error.message);
    return absent('the engines did not start, see the failure of this run', error);
  }
};
