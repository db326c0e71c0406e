import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl';
import { HoldfastError } from '../../core/errors.ts';
import type { ZipEntry, ZipSource } from '../../ports/source-files.ts';
import { importFailed } from './import-fault.ts';
import { readZipDirectory, type ZipDirectory, type ZipPlace } from './zip-directory.ts';
import { ZipReader } from './zip-reader.ts';

const [stored, deflated] = [0, 8];
const directorySignature = 0x02014b50;

/** Opens a zip of this machine and reads its directory. */
export const openLocalZip = async (path: string): Promise<ZipSource> => {
  const handle = await orUnreadable(path, open(path));
  try {
    const { size } = await handle.stat();
    const options = { autoClose: false, decodeStrings: false };
    const opening = fromRandomAccessReaderPromise(new ZipReader(handle), size, options);
    const zip = await orUnreadable(path, opening);
    const directory = await orUnreadable(path, readZipDirectory(path, zip));
    await assertWholeDirectory(path, zip, handle);
    return new LocalZip({ path, zip, directory, handle });
  } catch (error) {
    await handle.close();
    throw error;
  }
};

interface OpenedZip {
  readonly path: string;
  readonly zip: ZipFile;
  readonly directory: ZipDirectory;
  readonly handle: FileHandle;
}

class LocalZip implements ZipSource {
  readonly entries: readonly ZipEntry[];
  readonly skipped: ZipSource['skipped'];
  readonly #path: string;
  readonly #zip: ZipFile;
  readonly #handle: FileHandle;
  readonly #places: ReadonlyMap<ZipEntry, ZipPlace>;

  constructor({ path, zip, directory, handle }: OpenedZip) {
    this.#path = path;
    this.#zip = zip;
    this.#handle = handle;
    this.#places = directory.places;
    this.entries = [...directory.places.keys()];
    this.skipped = directory.skipped;
  }

  async findDamage(entry: ZipEntry): Promise<string | undefined> {
    let sum = 0;
    try {
      for await (const block of this.#blocks(entry)) sum = crc32(block, sum);
    } catch (error) {
      if (isSystemFault(error)) throw importFailed(this.#path, error);
      if (!isDamage(error)) throw error;
      return `damaged: ${messageOf(error)}`;
    }
    return sum === this.#places.get(entry)?.crc32 ? undefined : 'damaged: its checksum is another';
  }

  async *read(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#blocks(entry);
    } catch (error) {
      const detail = `${this.#path}: ${entry.name} cannot be read (${messageOf(error)}).`;
      throw new HoldfastError('ImportFailed', { path: this.#path, detail }, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#zip.close();
    await this.#handle.close();
  }

  // Ends in a fault where more or fewer bytes come out than the directory says, so that it bounds what is inflated.
  async *#blocks(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    const place = this.#places.get(entry);
    if (place === undefined) throw new HoldfastError('Internal', { detail: 'An entry of another zip.' });
    const { offset, method } = place;
    // All that is looked at of an entry; the rest of it was not kept.
    const local = { relativeOffsetOfLocalHeader: offset, compressedSize: entry.compressedBytes } as Entry;
    const { fileDataStart } = await this.#zip.readLocalFileHeaderPromise(local, { minimal: true });
    if (method !== stored && method !== deflated) throw new Error(`compression method ${method}`);
    yield* await inflated(this.#zip, fileDataStart, { ...entry, isDeflated: method === deflated });
  }
}

// The promise form of this call is broken in yauzl 3.4.0.
const inflated = (
  zip: ZipFile,
  start: number,
  { compressedBytes, sizeBytes, isDeflated }: ZipEntry & { isDeflated: boolean },
): Promise<Readable> =>
  new Promise((resolve, reject) => {
    const opened = (error: Error | null, stream: Readable) =>
      error === null ? resolve(stream) : reject(error);
    zip.openReadStreamLowLevel(start, compressedBytes, 0, compressedBytes, isDeflated, sizeBytes, opened);
  });

// Writers that know no zip64 count to 65,535 and begin again at 0: what they wrote beyond that must not be overlooked.
const assertWholeDirectory = async (path: string, zip: ZipFile, handle: FileHandle): Promise<void> => {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, Number(zip.readEntryCursor));
  if (bytesRead < 4 || buffer.readUInt32LE(0) !== directorySignature) return;
  throw unreadable(
    path,
    new Error(`its directory holds more than the ${zip.entryCount} entries it declares`),
  );
};

const orUnreadable = async <T>(path: string, reading: Promise<T>): Promise<T> => {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    if (isSystemFault(error)) throw importFailed(path, error);
    throw isDamage(error) ? unreadable(path, error) : error;
  }
};

const unreadable = (path: string, cause: unknown): HoldfastError => {
  const detail = `${path}: it is not a whole zip file, or one that cannot be read (${messageOf(cause)}).`;
  return new HoldfastError('ImportFailed', { path, detail }, { cause });
};

const isSystemFault = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

// yauzl and zlib throw plain errors; anything else is a mistake of ours.
const isDamage = (error: unknown): boolean => error instanceof Error && error.constructor === Error;

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 120)
    .replace(/\.$/, '');
