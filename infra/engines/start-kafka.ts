import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EngineFolder, inEngineFolder } from './engine-folder.ts';
import { type EngineLifetime, jvmOptions } from './engine-lifetime.ts';
import { fetchKafka, type Tell } from './fetch-engines.ts';
import { findJava } from './find-java.ts';
import { freePort } from './free-port.ts';
import {
  formatWords,
  type KafkaSecurity,
  type KafkaSettingsOptions,
  kafkaSettings,
} from './kafka-settings.ts';
import { type Engine, runEngine } from './run-engine.ts';

const execute = promisify(execFile);

export interface KafkaOptions extends Pick<KafkaSettingsOptions, 'advertised' | 'security' | 'settings'> {
  /** Data, settings and output; kept. Left out: one below the system's temporary folder that goes with the engine. */
  readonly folder?: string;
  /** A free one by default. */
  readonly port?: number;
  /** 512 by default. */
  readonly heapMb?: number;
  /** `lasting` by default. */
  readonly lifetime?: EngineLifetime;
  /** It goes on running after this process; stop it by its pid. */
  readonly outlives?: boolean;
  readonly tell?: Tell;
}

const logging = `rootLogger.level = info
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %m (%c)%n
`;

/** New storage of its own cluster, once. */
const formatStorage = async (java: string[], settings: string, security?: KafkaSecurity): Promise<void> => {
  const [program = 'java', ...options] = java;
  const clusterId = randomBytes(16).toString('base64url');
  await execute(program, [...options, ...formatWords(clusterId, settings, security)]);
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy().destroyed));
    socket.once('error', () => resolve(false));
  });

const startIn = async (folder: EngineFolder, libs: string, options: KafkaOptions): Promise<Engine> => {
  const { port = await freePort(), heapMb = 512, lifetime, security } = options;
  const ports = { client: port, internal: await freePort(), controller: await freePort() };
  const data = join(folder.path, 'data');
  const settings = join(folder.path, 'server.properties');
  const log4j = join(folder.path, 'log4j2.properties');
  await writeFile(settings, kafkaSettings({ ...options, data, ports }), { mode: 0o600 });
  await writeFile(log4j, logging);
  const program = join(findJava().home, 'bin/java');
  const words = [...jvmOptions(lifetime), '-cp', join(libs, '*'), `-Dlog4j2.configurationFile=${log4j}`];
  if (!existsSync(join(data, 'meta.properties')))
    await formatStorage([program, ...words], settings, security);
  return runEngine({
    name: 'kafka',
    words: [program, `-Xms${Math.min(heapMb, 256)}m`, `-Xmx${heapMb}m`, ...words, 'kafka.Kafka', settings],
    env: process.env,
    folder,
    address: options.advertised ?? `127.0.0.1:${port}`,
    port,
    outlives: options.outlives,
    isReady: async (output) => output.includes('Kafka Server started') && (await accepts(port)),
  });
};

/** A single broker, its own controller. It survives SIGKILL with all it acknowledged, not a loss of power. */
export const startKafka = async (options: KafkaOptions = {}): Promise<Engine> => {
  findJava();
  const libs = await fetchKafka(options.tell);
  return inEngineFolder('kafka', options.folder, (folder) => startIn(folder, libs, options));
};
