import type { ZipEntry, ZipSource } from '../../ports/source-files.ts';
import { JsonArraySplitter, type JsonElement } from './split-json-array.ts';

/** The elements of a JSON array in a zip, one at a time. The entry was found whole before. */
export async function* readElements(zip: ZipSource, entry: ZipEntry): AsyncGenerator<JsonElement> {
  const splitter = new JsonArraySplitter();
  for await (const block of zip.read(entry)) yield* splitter.push(block);
  yield* splitter.end();
}

export type ParsedElement = { readonly json: unknown } | { readonly reason: string };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const parseElement = ({ bytes, cut, fault }: JsonElement): ParsedElement => {
  if (fault !== undefined) return { reason: fault };
  if (cut !== undefined) return { reason: `an element of ${cut.totalBytes} bytes` };
  try {
    return { json: JSON.parse(strictUtf8.decode(bytes)) };
  } catch (error) {
    return { reason: error instanceof SyntaxError ? 'not valid JSON' : 'not valid UTF-8' };
  }
};
