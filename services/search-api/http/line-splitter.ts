/** One line of a body, without its line end. `bytes` is missing when the line was longer than allowed. */
export interface BodyLine {
  /** From 1; blank lines count but are not lines of their own. */
  readonly number: number;
  readonly bytes?: Uint8Array;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const isBlank = (byte: number): boolean =>
  byte === 0x20 || byte === 0x09 || byte === carriageReturn || byte === lineFeed;

/** Splits a byte stream at line feeds; holds at most one line of `maxLineBytes`. Bytes are never decoded here. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Uint8Array[] = [];
  #size = 0;
  #number = 1;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that end in this chunk. */
  *push(chunk: Uint8Array): Generator<BodyLine> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(lineFeed, start);
      this.#keep(chunk.subarray(start, end < 0 ? chunk.length : end));
      if (end < 0) return;
      const line = this.end();
      if (line !== undefined) yield line;
      this.#number += 1;
      start = end + 1;
    }
  }

  /** The line begun last, when the body ends without a line feed; nothing when it is blank. */
  end(): BodyLine | undefined {
    const [parts, size] = [this.#parts, this.#size];
    if (size === 0) return undefined;
    this.#parts = [];
    this.#size = 0;
    if (size > this.#maxLineBytes) return { number: this.#number };
    if (parts.every((part) => part.every(isBlank))) return undefined;
    return { number: this.#number, bytes: joined(parts, size) };
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > this.#maxLineBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }
}

/** A copy that owns its bytes: a view would keep (and carry between threads) the whole chunk. */
const joined = (parts: readonly Uint8Array[], size: number): Uint8Array => {
  const line = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    line.set(part, at);
    at += part.length;
  }
  return line[size - 1] === carriageReturn ? line.subarray(0, size - 1) : line;
};
