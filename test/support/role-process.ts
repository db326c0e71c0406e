import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Archive } from '../../services/search-api/archive.ts';
import { connectArchive } from '../../services/search-api/http/connect-archive.ts';
import type { EnterpriseInstallation } from './enterprise-installation.ts';
import { startHoldfast } from './run-holdfast.ts';

/** As the image starts a role (Dockerfile): with room for what a batch leaves behind. */
const heapFlags = ['--max-semi-space-size=16', '--max-old-space-size=384'];

/** One process of an installation, as an operator starts it. */
export interface RoleProcess extends AsyncDisposable {
  readonly url: string;
  /** What it serves, spoken to over HTTP. */
  readonly archive: Archive;
  readonly process: ChildProcess;
  kill(): Promise<void>;
}

export const startRoles = async (
  { path, settings }: EnterpriseInstallation,
  ...roles: readonly string[]
): Promise<RoleProcess> => {
  const words = ['serve', '--edition', 'enterprise', '--config', path, '--port', '0'];
  const child = startHoldfast([...words, ...roles.flatMap((role) => ['--role', role])], {}, heapFlags);
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  const url = await announcedUrl(child);
  return {
    url,
    archive: connectArchive({ url, token: settings.token }),
    process: child,
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGTERM');
    },
  };
};

const announcedUrl = async (child: ChildProcess): Promise<string> => {
  const said: string[] = [];
  assert.ok(child.stderr);
  const lines = createInterface(child.stderr);
  for await (const line of lines) {
    said.push(line);
    const url = /Holdfast serves .* at (http:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    // What it says from now on is nobody's, but must not fill the pipe.
    child.stderr.resume();
    return url;
  }
  throw new Error(`the process ended: ${said.join('\n')}`);
};
