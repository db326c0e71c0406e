import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl';
import { HoldfastError } from '../../core/errors.ts';
import type { ZipEntry, ZipSource } from '../../ports/source-files.ts';
import { importFailed } from './import-fault.ts';
import { unpack } from './unpack.ts';
import { readZipDirectory, type ZipDirectory, type ZipPlace } from './zip-directory.ts';
import { ZipReader } from './zip-reader.ts';

const deflated = 8;
/** An entry of up to this size is kept when it was found whole, for it is read next. */
const maxKeptBytes = 1024 * 1024;
const directorySignature = 0x02014b50;

/** Opens a zip of this machine and reads its directory. */
export const openLocalZip = async (path: string): Promise<ZipSource> => {
  const handle = await orUnreadable(path, open(path));
  try {
    const { size } = await handle.stat();
    const options = { autoClose: false, decodeStrings: false };
    const reader = new ZipReader(handle);
    const zip = await orUnreadable(path, fromRandomAccessReaderPromise(reader, size, options));
    const directory = await orUnreadable(path, readZipDirectory(path, zip));
    await assertWholeDirectory(path, zip, handle);
    return new LocalZip({ path, zip, directory, handle, reader });
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
  readonly reader: ZipReader;
}

class LocalZip implements ZipSource {
  readonly entries: readonly ZipEntry[];
  readonly skipped: ZipSource['skipped'];
  readonly #path: string;
  readonly #zip: ZipFile;
  readonly #handle: FileHandle;
  readonly #reader: ZipReader;
  #checked: { readonly entry: ZipEntry; readonly blocks: readonly Uint8Array[] } | undefined;
  readonly #places: ReadonlyMap<ZipEntry, ZipPlace>;

  constructor({ path, zip, directory, handle, reader }: OpenedZip) {
    this.#path = path;
    this.#zip = zip;
    this.#handle = handle;
    this.#reader = reader;
    this.#places = directory.places;
    this.entries = [...directory.places.keys()];
    this.skipped = directory.skipped;
  }

  async findDamage(entry: ZipEntry): Promise<string | undefined> {
    const kept: Uint8Array[] = [];
    let sum = 0;
    try {
      for await (const block of this.#blocks(entry)) {
        sum = crc32(block, sum);
        if (entry.sizeBytes <= maxKeptBytes) kept.push(block);
      }
    } catch (error) {
      if (isSystemFault(error)) throw importFailed(this.#path, error);
      if (!isDamage(error)) throw error;
      return `damaged: ${messageOf(error)}`;
    }
    if (sum !== this.#places.get(entry)?.crc32) return 'damaged: its checksum is another';
    if (entry.sizeBytes <= maxKeptBytes) this.#checked = { entry, blocks: kept };
    return undefined;
  }

  async *read(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#checked?.entry === entry ? this.#checked.blocks : this.#blocks(entry);
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
    yield* unpack(this.#reader.blocks(fileDataStart, entry.compressedBytes), {
      isDeflated: method === deflated,
      packedBytes: entry.compressedBytes,
      sizeBytes: entry.sizeBytes,
    });
  }
}

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
