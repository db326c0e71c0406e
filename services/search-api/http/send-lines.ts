import { AppendAnswer, type AppendResult, maxEventBytes } from '../../../schemas/api/archive-operations.ts';
import { routes } from '../../../schemas/api/routes.ts';
import { answerOf, refusedAsTooLong } from './append-lines.ts';
import { callServer, parsedAnswer, type ServerAddress, unlike } from './call-server.ts';

/** What goes into one request: far below the limits of the server, far above the cost of a request. */
const batchBytes = 4 * 1024 * 1024;
const batchLines = 10_000;

const lineFeed = 0x0a;

/** Appends lines over HTTP, in order, in as many requests as needed; results keep the order of the lines. */
export const sendLines = async (
  server: ServerAddress,
  lines: readonly Uint8Array[],
): Promise<AppendAnswer> => {
  const results: AppendResult[] = [];
  let batch: Uint8Array[] = [];
  let bytes = 0;
  const flush = async () => {
    const sent = batch;
    batch = [];
    bytes = 0;
    if (sent.length > 0) results.push(...(await sendBatch(server, sent, results.length)));
  };
  for (const line of lines) {
    const alone = !fitsOneLine(line);
    if (alone || batch.length === batchLines || bytes + line.length > batchBytes) await flush();
    if (alone) results.push(await sendAlone(server, line, results.length + 1));
    else {
      batch.push(line);
      bytes += line.length + 1;
    }
  }
  await flush();
  return answerOf(results);
};

/** Lines that the server would split, skip or refuse cannot travel as JSON Lines. */
const fitsOneLine = (line: Uint8Array): boolean =>
  line.length > 0 &&
  line.length <= maxEventBytes &&
  !line.includes(lineFeed) &&
  line.some((byte) => byte > 0x20);

const sendBatch = async (
  server: ServerAddress,
  batch: readonly Uint8Array[],
  before: number,
): Promise<AppendResult[]> => {
  const content = new Uint8Array(batch.reduce((size, line) => size + line.length + 1, 0));
  let at = 0;
  for (const line of batch) {
    content.set(line, at);
    at += line.length;
    content[at++] = lineFeed;
  }
  const bytes = { mediaType: 'application/jsonl', content };
  const response = await callServer(server, routes.appendEvents, { bytes });
  const { results } = await parsedAnswer(server, AppendAnswer, response);
  if (results.length !== batch.length) throw unlike(server, 'It did not answer for every line.');
  return results.map((result) => ({ ...result, line: before + result.line }));
};

const sendAlone = async (server: ServerAddress, line: Uint8Array, number: number): Promise<AppendResult> => {
  if (line.length > maxEventBytes) return refusedAsTooLong(number);
  const bytes = { mediaType: 'application/json', content: new Uint8Array(line) };
  const response = await callServer(server, routes.appendEvents, { bytes });
  const { results } = await parsedAnswer(server, AppendAnswer, response);
  if (results[0] === undefined) throw unlike(server, 'It did not answer for the event.');
  return { ...results[0], line: number };
};
