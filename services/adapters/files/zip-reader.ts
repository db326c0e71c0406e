import { read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { RandomAccessReader } from 'yauzl';

const blockBytes = 64 * 1024;
const windowBytes = 256 * 1024;
const headerBytes = 512;

type Done = (error: Error | null) => void;

/**
 * Reads a file for yauzl, which asks for it in very small pieces and mostly in order, so a window of it is kept:
 * yauzl's own reader opens a stream for each piece.
 */
export class ZipReader extends RandomAccessReader {
  readonly #handle: FileHandle;
  #window = Buffer.alloc(0);
  #windowStart = 0;

  constructor(handle: FileHandle) {
    super();
    this.#handle = handle;
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, done: Done): void {
    const from = position - this.#windowStart;
    if (from >= 0 && from + length <= this.#window.length) {
      this.#window.copy(buffer, offset, from, from + length);
      setImmediate(done, null);
      return;
    }
    // A directory is read onward; the header of an entry stands anywhere.
    const isOnward = from >= 0 && from <= this.#window.length;
    const window = Buffer.allocUnsafe(Math.max(length, isOnward ? windowBytes : headerBytes));
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

  /** The bytes as they stand in the file. */
  async *blocks(start: number, length: number): AsyncGenerator<Uint8Array> {
    const end = start + length;
    for (let at = start; at < end; ) {
      const wanted = Math.min(blockBytes, end - at);
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
}
