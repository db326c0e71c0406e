import { spawnSync } from 'node:child_process';

const isAllowed = (): boolean =>
  process.platform === 'linux' &&
  spawnSync('strace', ['--seccomp-bpf', '-f', '-o', '/dev/null', 'true']).status === 0;

/** For `{ skip: needsStrace }`. */
export const needsStrace: string | false = isAllowed()
  ? false
  : 'strace, which makes calls to the disk fail, is missing or may not trace here: infra/engines/install-tools.sh';
