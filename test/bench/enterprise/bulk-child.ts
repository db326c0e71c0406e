import { readFile } from 'node:fs/promises';
import { inFlight, perRequest } from './equal-settings.ts';
import { openClient, postBulk } from './post-bulk.ts';
import { type EnginePids, type RunFigures, startRun } from './run-figures.ts';
import { serveRuns } from './serve-runs.ts';

export interface BulkOrder {
  readonly elasticsearch: string;
  /** Of lines as `_bulk` takes them. */
  readonly file: string;
  readonly index: string;
  readonly pids: EnginePids;
}

/** Nothing but requests that were made before: what the engine itself can take. */
const sendAll = async ({ elasticsearch, file, index, pids }: BulkOrder): Promise<RunFigures> => {
  const client = openClient(elasticsearch);
  const requests = requestsOf(await readFile(file, 'utf8'));
  const send = async (): Promise<void> => {
    for (let body = requests.pop(); body !== undefined; body = requests.pop())
      await postBulk(client, index, body);
  };
  const end = startRun(pids);
  await Promise.all(Array.from({ length: inFlight }, send));
  const figures = end();
  await client.close();
  return figures;
};

/** Last first, because they are taken from the end. */
const requestsOf = (text: string): string[] => {
  const lines = text.split('\n');
  const requests: string[] = [];
  for (let from = 0; from + 1 < lines.length; from += perRequest * 2)
    requests.push(
      lines
        .slice(from, from + perRequest * 2)
        .join('\n')
        .trimEnd()
        .concat('\n'),
    );
  return requests.reverse();
};

await serveRuns(sendAll);
