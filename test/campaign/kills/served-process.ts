import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { compileCache } from '../../support/compile-cache.ts';
import type { History } from './history.ts';
import type { Kill } from './kill-plan.ts';
import type { Site } from './site.ts';
import { batchAt } from './workload.ts';

const armFailpoint = new URL('../../support/arm-failpoint.ts', import.meta.url).href;
/** Far beyond what any process needs. */
const longestMs = 60_000;

/** One process that serves an installation and dies at a failpoint, as its client sees it. */
export class ServedProcess implements AsyncDisposable {
  readonly #kill: Kill;
  readonly #history: History;
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #exited: Promise<unknown[]>;
  readonly #overdue: NodeJS.Timeout;
  #said = '';
  #hasSurvived = false;

  constructor(site: Site, kill: Kill, history: History) {
    this.#kill = kill;
    this.#history = history;
    const { script, before, after } = site.child;
    const armed = kill.point && { HOLDFAST_FAILPOINT: `${kill.point}:${kill.nth}:${kill.turns}` };
    this.#child = spawn(
      process.execPath,
      [...(armed ? ['--import', armFailpoint] : []), script, before, JSON.stringify(kill), ...after],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...armed },
      },
    );
    this.#exited = once(this.#child, 'exit');
    this.#lines = createInterface(this.#child.stdout!);
    this.#child.stderr!.on('data', (bytes) => (this.#said = `${this.#said}${bytes}`.slice(-600)));
    this.#child.stdin!.on('error', () => undefined);
    this.#overdue = setTimeout(() => {
      this.#said += 'ended after a minute';
      this.#child.kill('SIGTERM');
    }, longestMs);
  }

  /** Follows it to its end; `check` is called when it has recovered. Resolves with what went wrong. */
  async run(check: () => Promise<void>): Promise<string | undefined> {
    for await (const line of this.#lines) {
      if (line === 'recovered') {
        await check();
        this.#child.stdin!.write('go\n');
      } else this.#note(line);
    }
    const [code, signal] = await this.#exited;
    const isRight = this.#kill.point === undefined ? code === 0 : signal === 'SIGKILL';
    if (isRight) return undefined;
    const how = this.#hasSurvived ? 'was not reached' : `ended with ${code ?? signal}`;
    return `${how} ${this.#said.trim()}`.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#overdue);
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #note(line: string): void {
    const [what, name = '', more = ''] = line.split(' ');
    const { sent, reads, governanceEnd } = this.#history;
    if (what === 'survived') this.#hasSurvived = true;
    if (what === 'sending')
      sent.push({ lines: batchAt({ ...this.#kill, step: Number(name) }), governanceEnd });
    if (what === 'acked') sent.at(-1)!.positions = more.split(',').map(placeOf);
    if (what === 'asking') reads.set(name, false);
    if (what === 'answered') reads.set(name, true);
  }
}

const placeOf = (text: string): { partition: number; offset: number } => {
  const [partition = '', offset = ''] = text.split('/');
  return { partition: Number(partition), offset: Number(offset) };
};
