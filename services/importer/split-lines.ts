import { KeptBytes, type TakenBytes } from './kept-bytes.ts';

/** A line of a source file without its line end (`\n` or `\r\n`), or its first `maxKeptBytes`. */
export interface SourceLine extends TakenBytes {
  /** From 1. */
  readonly number: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Cuts blocks into lines with bounded memory, however long a line is. */
export class LineSplitter {
  readonly #line = new KeptBytes();
  #number = 0;

  /** Lines that end in this block. */
  *push(block: Uint8Array): Generator<SourceLine> {
    let from = 0;
    for (let at = block.indexOf(newline); at >= 0; at = block.indexOf(newline, from)) {
      this.#line.add(block.subarray(from, at));
      yield this.#finish();
      from = at + 1;
    }
    this.#line.add(block.subarray(from));
  }

  /** The last line, where the file does not end in a line end. */
  *end(): Generator<SourceLine> {
    if (!this.#line.isEmpty) yield this.#finish();
  }

  #finish(): SourceLine {
    const taken = this.#line.take();
    this.#number += 1;
    return taken.cut === undefined
      ? { number: this.#number, bytes: withoutCarriageReturn(taken.bytes) }
      : { number: this.#number, ...taken };
  }
}

const withoutCarriageReturn = (bytes: Uint8Array): Uint8Array =>
  bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
