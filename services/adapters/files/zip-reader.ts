import { read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

const blockBytes = 64 * 1024;
const windowBytes = 256 * 1024;

type Done = (error: Error | null) => void;

/**
 * Reads a file for yauzl. A directory is read in order and in very small pieces, so a window of it is kept: yauzl's own
 * reader opens a stream for each piece.
 */
export class ZipReader extends RandomAccessReader {
  readonly #handle: FileHandle;
  #window = Buffer.alloc(0);
  #windowStart = 0;

  constructor(handle: FileHandle) {
    super();
    this.#handle = handle;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#blocks(start, end), { objectMode: false });
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, done: Done): void {
    const from = position - this.#windowStart;
    if (from >= 0 && from + length <= this.#window.length) {
      this.#window.copy(buffer, offset, from, from + length);
      setImmediate(done, null);
      return;
    }
    const window = Buffer.allocUnsafe(Math.max(length, windowBytes));
    read(this.#handle.fd, window, 0, window.length, position, (error, bytesRead) => {
      if (error !== null) return done(error);
      if (bytesRead < length) return done(new Error('unexpected end of the file'));
      this.#window = window.subarray(0, bytesRead);
      this.#windowStart = position;
      this.#window.copy(buffer, offset, 0, length);
      done(null);
    });
  }

  /** The handle is closed by whoever opened it. */
  override close(done: Done): void {
    setImmediate(done, null);
  }

  async *#blocks(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; ) {
      const length = Math.min(blockBytes, end - at);
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(length), 0, length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
}
