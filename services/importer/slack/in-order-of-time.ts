import { parseElement } from './read-elements.ts';
import type { JsonElement } from './split-json-array.ts';

/**
 * The elements by their timestamps, so that replies stand where they were sent however an export orders its day. One
 * without a timestamp stays behind its predecessor.
 */
export const inOrderOfTime = async (elements: AsyncIterable<JsonElement>): Promise<JsonElement[]> => {
  const timed: { readonly element: JsonElement; readonly at: number }[] = [];
  for await (const element of elements) {
    timed.push({ element, at: timeOf(element) ?? timed.at(-1)?.at ?? 0 });
  }
  return timed.sort((a, b) => a.at - b.at).map(({ element }) => element);
};

const timeOf = (element: JsonElement): number | undefined => {
  const parsed = parseElement(element);
  if ('reason' in parsed || typeof parsed.json !== 'object' || parsed.json === null) return undefined;
  const ts = 'ts' in parsed.json ? parsed.json.ts : undefined;
  // Not every value can be made a number: `{"toString":1}` throws.
  const at = typeof ts === 'string' || typeof ts === 'number' ? Number(ts) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
};
