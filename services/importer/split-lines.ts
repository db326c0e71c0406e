import { createHash, type Hash } from 'node:crypto';

/** A line of a source file without its line end (`\n` or `\r\n`). */
export interface SourceLine {
  /** From 1. */
  readonly number: number;
  /** The whole line, or its first `maxKeptBytes`. */
  readonly bytes: Uint8Array;
  /** Only of a line that was cut. */
  readonly cut?: { readonly totalBytes: number; readonly sha256: string };
}

/** What of a line is held in memory; of a longer one the rest is only counted and hashed. */
export const maxKeptBytes = 1024 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Cuts blocks into lines with bounded memory, however long a line is. */
export class LineSplitter {
  #number = 0;
  #parts: Uint8Array[] = [];
  #keptBytes = 0;
  #totalBytes = 0;
  #hash: Hash | undefined;

  /** Lines that end in this block. */
  *push(block: Uint8Array): Generator<SourceLine> {
    let from = 0;
    for (let at = block.indexOf(newline); at >= 0; at = block.indexOf(newline, from)) {
      this.#take(block.subarray(from, at));
      yield this.#finish();
      from = at + 1;
    }
    this.#take(block.subarray(from));
  }

  /** The last line, where the file does not end in a line end. */
  *end(): Generator<SourceLine> {
    if (this.#totalBytes > 0) yield this.#finish();
  }

  #take(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#totalBytes += part.length;
    if (this.#hash === undefined && this.#totalBytes > maxKeptBytes) {
      this.#hash = createHash('sha256');
      for (const kept of this.#parts) this.#hash.update(kept);
    }
    this.#hash?.update(part);
    const kept = part.subarray(0, maxKeptBytes - this.#keptBytes);
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#keptBytes += kept.length;
  }

  #finish(): SourceLine {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const cut =
      this.#hash === undefined
        ? undefined
        : { totalBytes: this.#totalBytes, sha256: this.#hash.digest('hex') };
    this.#number += 1;
    this.#parts = [];
    this.#keptBytes = 0;
    this.#totalBytes = 0;
    this.#hash = undefined;
    return cut === undefined
      ? { number: this.#number, bytes: withoutCarriageReturn(bytes) }
      : { number: this.#number, bytes, cut };
  }
}

const withoutCarriageReturn = (bytes: Uint8Array): Uint8Array =>
  bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
