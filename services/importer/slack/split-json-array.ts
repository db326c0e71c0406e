import { KeptBytes } from '../kept-bytes.ts';
import type { SourceLine } from '../split-lines.ts';

/** An element of a JSON array as its bytes; `number` from 1. What is outside of any element has a `fault`. */
export interface JsonElement extends SourceLine {
  readonly fault?: string;
}

/** Deeper than any message goes; readers of an element may follow its nesting. */
export const maxElementNesting = 64;

const byteOrderMark = [0xef, 0xbb, 0xbf];
const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Cuts blocks into the elements of one JSON array with bounded memory. Elements are not parsed: one that is broken
 * spoils no other as long as its quotes and brackets match. Every byte but blanks, commas and the array's own brackets
 * is in one of the pieces.
 */
export class JsonArraySplitter {
  readonly #element = new KeptBytes();
  #number = 0;
  #state: 'before' | 'inside' | 'after' | 'foreign' = 'before';
  #foreign = 'expected a JSON array';
  #seen = 0;
  #depth = 0;
  #deepest = 0;
  #isString = false;
  #isEscaped = false;
  #isBegun = false;
  #commas = 0;

  /** Elements that end in this block. */
  *push(block: Uint8Array): Generator<JsonElement> {
    let from = 0;
    for (let at = 0; at < block.length; at += 1) {
      if (this.#state === 'foreign') break;
      if (this.#state === 'inside') {
        if (!this.#isBegun && isBlank(block[at])) from = at + 1;
        else if (this.#endsElement(block[at]!)) {
          this.#element.add(block.subarray(from, at));
          yield* this.#finish(block[at]!);
          from = at + 1;
        } else this.#isBegun = true;
      } else {
        from = this.#isExpected(block[at]!) ? at + 1 : at;
      }
    }
    this.#element.add(block.subarray(from));
  }

  /** What the end of the file leaves: a fault, unless the array was closed. */
  *end(): Generator<JsonElement> {
    if (this.#state === 'after') return;
    const fault = this.#state === 'inside' ? 'the file ends inside of its array' : this.#foreign;
    this.#number += 1;
    yield { number: this.#number, ...this.#element.take(), fault };
  }

  // Outside of the array only blanks are expected, and at the very beginning a byte order mark.
  #isExpected(byte: number): boolean {
    this.#seen += 1;
    if (isBlank(byte) || (this.#seen <= 3 && byte === byteOrderMark[this.#seen - 1])) return true;
    const isOpened = this.#state === 'before' && byte === openList;
    if (this.#state === 'after') this.#foreign = 'something after the end of the array';
    this.#state = isOpened ? 'inside' : 'foreign';
    return isOpened;
  }

  #endsElement(byte: number): boolean {
    if (this.#isString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) this.#isString = false;
      return false;
    }
    if (byte === quote) this.#isString = true;
    else if (byte === openList || byte === openObject) {
      this.#depth += 1;
      this.#deepest = Math.max(this.#deepest, this.#depth);
    } else if (this.#depth === 0) return byte === comma || byte === closeList;
    else if (byte === closeList || byte === closeObject) this.#depth -= 1;
    return false;
  }

  *#finish(byte: number): Generator<JsonElement> {
    if (byte === comma) this.#commas += 1;
    else this.#state = 'after';
    const isEmptyArray = byte === closeList && this.#commas === 0 && !this.#isBegun;
    const tooDeep = this.#deepest > maxElementNesting;
    const taken = this.#element.take();
    this.#isBegun = false;
    this.#deepest = 0;
    if (isEmptyArray) return;
    this.#number += 1;
    yield {
      number: this.#number,
      ...(taken.cut === undefined ? { bytes: trimEnd(taken.bytes) } : taken),
      ...(tooDeep ? { fault: `expected at most ${maxElementNesting} levels of nesting` } : {}),
    };
  }
}

const trimEnd = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length;
  while (end > 0 && isBlank(bytes[end - 1])) end -= 1;
  return bytes.subarray(0, end);
};
