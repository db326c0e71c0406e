import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** An empty folder that goes when it is disposed. */
export const temporaryFolder = async (parent = tmpdir()): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(parent, 'holdfast-test-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
};
