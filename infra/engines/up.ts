import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isReachableByAnyone, makeOpenFolder } from './engine-folder.ts';
import { EnginesMissing } from './engines-missing.ts';
import { tellOnStderr } from './fetch-engines.ts';
import type { Engine } from './run-engine.ts';
import { liveEngines, type RunningEngines, runningPath } from './running-engines.ts';
import { startBoth } from './start-both.ts';
import { stopRunning } from './stop-running.ts';

const home = dirname(runningPath);

/** In the project; under root, where the account nobody cannot walk to it, in a folder of this project elsewhere. */
const elasticsearchHome = async (): Promise<string> => {
  if (process.getuid?.() !== 0 || (await isReachableByAnyone(join(home, 'elasticsearch'))))
    return join(home, 'elasticsearch');
  const own = createHash('sha256').update(home).digest('hex').slice(0, 12);
  return join(tmpdir(), `holdfast-engines-${own}`);
};

const recordOf = ({ address, pid, folder }: Engine) => ({ address, pid, folder });

const start = async (): Promise<RunningEngines> => {
  await stopRunning();
  await makeOpenFolder(home);
  tellOnStderr('starting Kafka and Elasticsearch');
  const both = await startBoth({
    kafkaFolder: join(home, 'kafka'),
    elasticsearchFolder: await elasticsearchHome(),
    outlive: true,
  });
  const running = { kafka: recordOf(both.kafka), elasticsearch: recordOf(both.elasticsearch) };
  await mkdir(home, { recursive: true });
  await writeFile(`${runningPath}.new`, `${JSON.stringify(running, null, 2)}\n`);
  await rename(`${runningPath}.new`, runningPath);
  return running;
};

try {
  const { kafka, elasticsearch } = liveEngines() ?? (await start());
  process.stdout.write(`Kafka          ${kafka.address}  (pid ${kafka.pid}, ${kafka.folder})\n`);
  process.stdout.write(
    `Elasticsearch  ${elasticsearch.address}  (pid ${elasticsearch.pid}, ${elasticsearch.folder})\n`,
  );
} catch (error) {
  tellOnStderr(error instanceof EnginesMissing ? error.message : String(error));
  process.exitCode = 1;
}
