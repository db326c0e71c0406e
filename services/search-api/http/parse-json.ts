import { isNestedDeeperThan } from '../../core/conversation/nesting.ts';
import { HoldfastError } from '../../core/errors.ts';
import { findJsonFault } from './find-json-fault.ts';

/** No body here nests deeper than a handful; schemas recurse, so depth is bounded before they run. */
const maxNesting = 32;

/** The JSON value of a body. Throws `BadRequest` naming line and column, never the text. */
export const parseJson = (bytes: Uint8Array): unknown => {
  const text = decodeUtf8(bytes);
  if (isNestedDeeperThan(text, maxNesting))
    throw new HoldfastError('BadRequest', {
      detail: `Expected at most ${maxNesting} brackets inside each other.`,
    });
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text) ?? { offset: 0, expected: 'a value' };
    throw refusal(text, fault.offset, fault.expected, cause);
  }
};

const refusal = (text: string, offset: number, expected: string, cause?: unknown): HoldfastError =>
  new HoldfastError(
    'BadRequest',
    { detail: `The body is not JSON at ${placeOf(text, offset)}: expected ${expected}.` },
    { cause },
  );

const decodeUtf8 = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HoldfastError('BadRequest', { detail: 'The body is not valid UTF-8.' }, { cause });
  }
};

const placeOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return `line ${before.split('\n').length}, column ${offset - lineStart + 1}`;
};
