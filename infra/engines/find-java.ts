import { accessSync, constants, globSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { EnginesMissing } from './engines-missing.ts';
import { oldestJava } from './versions.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Java {
  readonly home: string;
  /** Major version. */
  readonly version: number;
}

/** Major version of a Java home from its `release` file, 0 if it does not say. */
export const javaVersion = (release: string): number =>
  Number(/^JAVA_VERSION="(\d+)/m.exec(release)?.[1] ?? 0);

/** The one named, if it is new enough; else the newest. The first of equals wins. */
export const chooseJava = (found: readonly Java[], named?: string): Java | undefined => {
  const fit = found.filter(({ version }) => version >= oldestJava);
  return (
    fit.find(({ home }) => home === named) ??
    fit.reduce<Java | undefined>(
      (best, java) => (java.version > (best?.version ?? 0) ? java : best),
      undefined,
    )
  );
};

/** Full path of a program on PATH. */
export const findProgram = (name: string, { PATH = '' }: Environment): string | undefined =>
  PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

const readJava = (home: string): Java | undefined => {
  try {
    accessSync(join(home, 'bin/java'), constants.X_OK);
    return { home, version: javaVersion(readFileSync(join(home, 'release'), 'utf8')) };
  } catch {
    return undefined;
  }
};

/** Where packages put them. */
const usualHomes = (): string[] => [
  ...globSync('/usr/lib/jvm/*'),
  ...globSync('/Library/Java/JavaVirtualMachines/*/Contents/Home'),
];

/** The PATH's java is asked last: it is often an older one. */
const candidates = (environment: Environment, usual: readonly string[]): string[] => {
  const onPath = findProgram('java', environment);
  return [
    environment.HOLDFAST_JAVA_HOME,
    environment.ES_JAVA_HOME,
    environment.JAVA_HOME,
    ...usual,
    onPath && dirname(dirname(realpathSync(onPath))),
  ].filter((home) => home !== undefined && home !== '') as string[];
};

/** Throws EnginesMissing where there is none new enough. */
export const findJava = (environment: Environment = process.env, usual = usualHomes()): Java => {
  const found = candidates(environment, usual).flatMap((home) => readJava(home) ?? []);
  const java = chooseJava(found, environment.HOLDFAST_JAVA_HOME);
  if (java !== undefined) return java;
  const newest = Math.max(0, ...found.map(({ version }) => version));
  throw new EnginesMissing(
    `no JDK ${oldestJava} or newer here${newest > 0 ? ` (newest: ${newest})` : ''}, Kafka and Elasticsearch need one: ` +
      'install openjdk-25-jdk-headless, openjdk-21-jdk-headless or Temurin, or name one with HOLDFAST_JAVA_HOME',
  );
};
