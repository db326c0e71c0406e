import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineFolder } from './engine-folder.ts';

/** A real server on this machine. Killed when this process ends, however it ends, unless it was told to outlive it. */
export interface Engine extends AsyncDisposable {
  /** What a client is given: `host:port` for Kafka, a URL for Elasticsearch. */
  readonly address: string;
  readonly port: number;
  /** Of its process group; another one after a restart. */
  readonly pid: number;
  readonly folder: string;
  readonly isRunning: boolean;
  /** SIGKILL, as a power switch would, or SIGTERM for an orderly stop. Resolves when it is gone. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it again on the same port and data, after a `kill`. Resolves when it is ready. */
  restart(): Promise<void>;
  /** SIGSTOP: its connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
}

export interface EngineCommand {
  readonly name: string;
  readonly words: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly folder: EngineFolder;
  readonly address: string;
  readonly port: number;
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** Asked again and again after a start; `output` is what it wrote so far. May throw: not yet. */
  readonly isReady: (output: string) => Promise<boolean>;
  /** Where it goes on running after this process. */
  readonly outlives?: boolean | undefined;
}

const readyWithinMs = 120_000;
const stopWithinMs = 30_000;

const signalGroup = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
};

/** Waits with a pipe to this process as its only reason to live; the pipe breaks when this process dies. */
const spawnWatcher = (pid: number, { path, isTemporary }: EngineFolder): ChildProcess => {
  const script = `read -r _; kill -s KILL -- -${pid}; [ -z "$1" ] || { sleep 1; rm -rf -- "$1"; }`;
  const words = ['-c', script, 'sh', isTemporary ? path : ''];
  return spawn('/bin/sh', words, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
};

/** The lines that name an error, if any, and the last ones. */
const tellingLines = (output: string): string => {
  const lines = output.trimEnd().split('\n');
  const errors = lines.filter((line) => /\b(ERROR|FATAL)\b|Exception|^Caused by/.test(line)).slice(0, 8);
  return [...new Set([...errors, ...lines.slice(-12)])].join('\n');
};

class EngineProcess implements Engine {
  readonly #command: EngineCommand;
  readonly #outputPath: string;
  #leader: ChildProcess | undefined;
  #watcher: ChildProcess | undefined;
  #pid = 0;

  constructor(command: EngineCommand) {
    this.#command = command;
    this.#outputPath = join(command.folder.path, `${command.name}.log`);
  }

  get address(): string {
    return this.#command.address;
  }

  get port(): number {
    return this.#command.port;
  }

  get folder(): string {
    return this.#command.folder.path;
  }

  get pid(): number {
    return this.#pid;
  }

  get isRunning(): boolean {
    return this.#leader !== undefined && this.#leader.exitCode === null && this.#leader.signalCode === null;
  }

  async restart(): Promise<void> {
    if (this.isRunning) throw new Error(`${this.#command.name} still runs: kill it before it is restarted`);
    await this.#spawn();
    await this.#becomeReady();
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const pid = this.#pid;
    if (pid === 0) return;
    signalGroup(pid, signal);
    // A stopped process takes SIGTERM only once it goes on.
    signalGroup(pid, 'SIGCONT');
    const deadlineMs = performance.now() + stopWithinMs;
    while (this.isRunning || (signalGroup(pid, 0) && performance.now() < deadlineMs)) {
      if (performance.now() > deadlineMs) signalGroup(pid, 'SIGKILL');
      await delay(10);
    }
    this.#endWatcher();
    this.#pid = 0;
  }

  pause(): void {
    signalGroup(this.#pid, 'SIGSTOP');
  }

  resume(): void {
    signalGroup(this.#pid, 'SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    const { path, isTemporary } = this.#command.folder;
    if (isTemporary) await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A group of its own: Ctrl-C reaches only this process, which decides what is stopped when. */
  async #spawn(): Promise<void> {
    const { words, env, folder, account, outlives } = this.#command;
    const output = openSync(this.#outputPath, 'w');
    const [program, ...rest] = words;
    const options = { cwd: folder.path, env, detached: true, ...account };
    const leader = spawn(program, rest, { ...options, stdio: ['ignore', output, output] });
    closeSync(output);
    await once(leader, 'spawn');
    this.#leader = leader;
    this.#pid = leader.pid ?? 0;
    if (outlives) leader.unref();
    else this.#watch(leader);
  }

  #watch(leader: ChildProcess): void {
    this.#watcher = spawnWatcher(this.#pid, this.#command.folder);
    leader.once('exit', () => {
      if (this.#leader === leader) this.#endWatcher();
    });
  }

  #endWatcher(): void {
    this.#watcher?.kill('SIGKILL');
    this.#watcher = undefined;
  }

  async #becomeReady(): Promise<void> {
    const { name, isReady } = this.#command;
    const deadlineMs = performance.now() + readyWithinMs;
    for (;;) {
      const isGone = !this.isRunning;
      const output = await readFile(this.#outputPath, 'utf8');
      if (isGone || performance.now() > deadlineMs) {
        await this.kill();
        const what = isGone ? 'ended before it was ready' : `was not ready within ${readyWithinMs / 1000} s`;
        throw new Error(`${name} ${what}; it wrote:\n${tellingLines(output)}`);
      }
      if (await isReady(output).catch(() => false)) return;
      await delay(50);
    }
  }
}

/** Starts a server and waits until it is ready. Throws with its last lines if it does not become so. */
export const runEngine = async (command: EngineCommand): Promise<Engine> => {
  const engine = new EngineProcess(command);
  try {
    await engine.restart();
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  return engine;
};
