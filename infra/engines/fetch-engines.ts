import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { EnginesMissing } from './engines-missing.ts';
import { findJava, findProgram } from './find-java.ts';
import { elasticsearchSha256, elasticsearchVersion, kafkaVersion } from './versions.ts';

const execute = promisify(execFile);
const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:2.8';

/** Long steps are told here, a line each. */
export type Tell = (line: string) => void;

export const tellOnStderr: Tell = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Shared by all clones of this account. */
const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'holdfast/engines');

const runMaven = async (folder: string, words: readonly string[]): Promise<void> => {
  const maven = findProgram('mvn', process.env);
  if (maven === undefined)
    throw new EnginesMissing(
      'no Maven (mvn) here, it fetches Kafka and Elasticsearch: install the package maven',
    );
  const env = { ...process.env, JAVA_HOME: findJava().home };
  try {
    await execute(maven, ['--batch-mode', '--quiet', '-Dstyle.color=never', ...words], {
      cwd: folder,
      env,
      maxBuffer: 2 ** 26,
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => /^\[ERROR\] \S/.test(line));
    throw new Error(['Maven could not fetch the engines:', ...lines.slice(0, 4)].join('\n'), { cause });
  }
};

/** Fills a folder once; whoever sees it under its name sees it whole, also beside another who fetches it. */
const fetchOnce = async (name: string, fill: (folder: string) => Promise<string>): Promise<string> => {
  const wanted = join(cacheFolder(), name);
  if (existsSync(wanted)) return wanted;
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), `.${name}-`));
  try {
    await rename(await fill(folder), wanted);
  } catch (error) {
    if (!existsSync(wanted)) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return wanted;
};

const dependency = (group: string, artifact: string, version: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

/** The server has no logger of its own: without this one it says nothing, also not why it does not start. */
const kafkaProject = `<project><modelVersion>4.0.0</modelVersion>
<groupId>holdfast</groupId><artifactId>engines</artifactId><version>1</version><dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.4')}
</dependencies></project>
`;

/** Folder of the jars of the Kafka server. Fetched at the first call. */
export const fetchKafka = (tell: Tell = tellOnStderr): Promise<string> =>
  fetchOnce(`kafka-${kafkaVersion}`, async (folder) => {
    tell(`fetching Kafka ${kafkaVersion} with Maven (45 MB, once)`);
    await writeFile(join(folder, 'pom.xml'), kafkaProject);
    await runMaven(folder, [
      '--strict-checksums',
      `${dependencyPlugin}:copy-dependencies`,
      '-DincludeScope=runtime',
      '-DoutputDirectory=libs',
    ]);
    return join(folder, 'libs');
  });

const checkZip = async (path: string): Promise<void> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') !== elasticsearchSha256)
    throw new Error(
      `what Maven fetched as Elasticsearch ${elasticsearchVersion} is not that: its SHA-256 differs`,
    );
};

/** Folder of the Elasticsearch server. Fetched at the first call. */
export const fetchElasticsearch = (tell: Tell = tellOnStderr): Promise<string> =>
  fetchOnce(`elasticsearch-${elasticsearchVersion}`, async (folder) => {
    tell(`fetching Elasticsearch ${elasticsearchVersion} with Maven (145 MB, once)`);
    const artifact = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${elasticsearchVersion}:zip`;
    const goals = ['copy', 'unpack'].map((goal) => `${dependencyPlugin}:${goal}`);
    await runMaven(folder, [...goals, `-Dartifact=${artifact}`, '-DoutputDirectory=.']);
    await checkZip(join(folder, `elasticsearch-${elasticsearchVersion}.zip`));
    return join(folder, `elasticsearch-${elasticsearchVersion}`);
  });
