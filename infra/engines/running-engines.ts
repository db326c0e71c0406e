import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

/** Where `make engines-up` writes what it started. */
export const runningPath = join(project, '.engines/running.json');

export interface RunningEngine {
  /** What a client is given: `host:port` for Kafka, a URL for Elasticsearch. */
  readonly address: string;
  /** Of the process group; a signal to its negative reaches launcher and server. */
  readonly pid: number;
  /** Data, settings and output. */
  readonly folder: string;
}

export interface RunningEngines {
  readonly kafka: RunningEngine;
  readonly elasticsearch: RunningEngine;
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** After a reboot the number may belong to somebody else, who must not be stopped. */
const isEngine = (pid: number): boolean => {
  if (!existsSync('/proc/self/cmdline')) return true;
  try {
    return /kafka|elasticsearch/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
  } catch {
    return false;
  }
};

export const runs = ({ pid }: RunningEngine): boolean => isAlive(pid) && isEngine(pid);

/** What `make engines-up` left, alive or not. */
export const readRunning = (path = runningPath): RunningEngines | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunningEngines;
  } catch {
    return undefined;
  }
};

/** What `make engines-up` left, if both still live. */
export const liveEngines = (path = runningPath): RunningEngines | undefined => {
  const running = readRunning(path);
  return running !== undefined && runs(running.kafka) && runs(running.elasticsearch) ? running : undefined;
};
